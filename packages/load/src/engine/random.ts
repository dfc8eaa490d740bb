/** A number from 0 to below 1. */
export type Random = () => number;

/**
 * The same numbers for the same seed, on every machine: `mulberry32`, a mixing of a counter, good enough to place requests and
 * cheap enough for each of them. `stream` gives independent sequences of one seed.
 */
export function seededRandom(seed: number, stream = 0): Random {
  let state = (seed ^ Math.imul(stream + 1, 0x9e37_79b9)) >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
