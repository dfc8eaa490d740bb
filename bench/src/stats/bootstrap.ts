import { percentile } from './percentile.ts';

/** A figure with the range in which it would lie in 95 of 100 repetitions. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 4_000;
const LOW = 0.025;
const HIGH = 0.975;

/**
 * Percentile bootstrap (Efron, 1979): blocks are drawn again with replacement, the statistic is computed of each draw.
 * A block carries everything that was measured next to each other, so what a busy machine did to all of it cancels out.
 * Draws of which the statistic is not a number are left out; when they are many, so is the interval.
 */
export function bootstrap<Block>(
  blocks: readonly Block[],
  statistic: (blocks: readonly Block[]) => number,
  random: () => number,
): Estimate {
  const value = statistic(blocks);
  const draws: number[] = [];
  for (let round = 0; round < RESAMPLES && blocks.length > 1; round += 1) {
    const drawn = blocks.map(() => blocks[Math.floor(random() * blocks.length)] as Block);
    const result = statistic(drawn);
    if (Number.isFinite(result)) draws.push(result);
  }
  if (draws.length < RESAMPLES / 2) return { value, low: Number.NaN, high: Number.NaN };
  return { value, low: percentile(draws, LOW), high: percentile(draws, HIGH) };
}

/**
 * The same on two levels (Davison and Hinkley, "Bootstrap Methods and their Application", 1997, 3.8): groups are drawn
 * again, and of each drawn group its blocks. For programs that were started several times: where a process lies in memory
 * can make it some percent faster or slower for as long as it lives, which no number of blocks on one process shows.
 */
export function groupedBootstrap<Block>(
  groups: readonly (readonly Block[])[],
  statistic: (blocks: readonly Block[]) => number,
  random: () => number,
): Estimate {
  const draw = <Value>(values: readonly Value[]) =>
    values.map(() => values[Math.floor(random() * values.length)] as Value);
  const redrawn = (drawn: readonly (readonly Block[])[]) => statistic(drawn.flatMap(draw));
  return { ...bootstrap(groups, redrawn, random), value: statistic(groups.flat()) };
}

/** Whether a ratio cannot be told from 1; also when nothing is known of it. */
export function isWithinNoise(ratio: Estimate): boolean {
  return !(ratio.low > 1 || ratio.high < 1);
}
