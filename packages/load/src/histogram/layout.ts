/**
 * Where a value is counted: the layout of HdrHistogram (https://hdrhistogram.github.io/HdrHistogram/) for values from 1 ns to an
 * hour with three significant digits. Up to 2,047 ns each value has a bucket of its own; from there on every power of two is cut
 * into 1,024 buckets, so that no bucket is wider than 1/1024 of the values in it. Values are whole nanoseconds.
 *
 * One bucket stands behind that of an hour, for everything longer: what does not fit is clamped to it and can be told apart
 * ever after, through merging, storing and encoding.
 */
const HALF = 1_024;
const HALF_BITS = 10;
const TWO_TO_32 = 2 ** 32;

export const HOUR_NS = 3_600_000_000_000;
/** The bucket for values beyond an hour. */
export const BEYOND_INDEX = indexOfLong(HOUR_NS) + 1;
/** Buckets that a histogram has. */
export const BUCKETS = BEYOND_INDEX + 1;
const BEYOND_NS = lowestOf(BEYOND_INDEX);

/**
 * The bucket of a value. What is below zero (a clock that was read a moment too early) counts as zero; what is not a number goes
 * beyond the hour, where it is seen.
 */
export function indexOf(ns: number): number {
  if (ns < TWO_TO_32) {
    if (ns < HALF) return ns > 0 ? ns | 0 : 0;
    const shift = 21 - Math.clz32(ns);
    return (shift << HALF_BITS) + (ns >>> shift);
  }
  return ns < BEYOND_NS ? indexOfLong(ns) : BEYOND_INDEX;
}

/** From 2^32 ns on, where the operators for bits no longer reach. */
function indexOfLong(ns: number): number {
  const shift = 53 - Math.clz32(ns / TWO_TO_32);
  return shift * HALF + Math.floor(ns / 2 ** shift);
}

/** The smallest value of a bucket. */
export function lowestOf(index: number): number {
  const shift = shiftOf(index);
  return (index - shift * HALF) * 2 ** shift;
}

/** The largest whole value of a bucket. */
export function highestOf(index: number): number {
  return lowestOf(index) + 2 ** shiftOf(index) - 1;
}

/** The value in the middle, which stands for the others where sums are made. */
export function middleOf(index: number): number {
  const shift = shiftOf(index);
  return lowestOf(index) + (shift === 0 ? 0 : 2 ** (shift - 1));
}

function shiftOf(index: number): number {
  return index < 2 * HALF ? 0 : (index >> HALF_BITS) - 1;
}
