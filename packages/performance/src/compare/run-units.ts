import type { Interval, SparseHistogram } from '@meshwise/load';
import { poolSparse } from '../statistics/pool-sparse.ts';

/** Some seconds of a run, all workers together. */
export interface RunUnit {
  readonly elapsedMs: number;
  readonly completed: number;
  /** Failed and dropped, without those that a stop cut off. */
  readonly lost: number;
  readonly service: SparseHistogram;
  readonly response: SparseHistogram;
}

const MOST_UNITS = 200;

/**
 * The measured time in units of a second, or of as many seconds as keep a day of load at 200 units. A last second that is not
 * whole counts for as long as it was.
 */
export function runUnits(intervals: readonly Interval[]): readonly RunUnit[] {
  const bySecond = new Map<number, Interval[]>();
  for (const interval of intervals) {
    if (interval.second < 0) continue;
    const together = bySecond.get(interval.second);
    if (together === undefined) bySecond.set(interval.second, [interval]);
    else together.push(interval);
  }
  const seconds = [...bySecond].sort(([a], [b]) => a - b).map(([, together]) => together);
  const size = Math.max(1, Math.ceil(seconds.length / MOST_UNITS));
  return Array.from({ length: Math.ceil(seconds.length / size) }, (_, index) =>
    unitOf(seconds.slice(index * size, (index + 1) * size)),
  );
}

function unitOf(seconds: readonly (readonly Interval[])[]): RunUnit {
  const all = seconds.flat();
  const sum = (figure: (interval: Interval) => number) => all.reduce((total, interval) => total + figure(interval), 0);
  return {
    elapsedMs: seconds.reduce((total, one) => total + Math.max(...one.map(({ generator }) => generator.elapsedMs)), 0),
    completed: sum(({ completed }) => completed),
    lost: sum(({ failed, dropped, errors }) => failed + dropped - (errors.stopped ?? 0)),
    service: poolSparse(all.map(({ service }) => service)),
    response: poolSparse(all.map(({ response }) => response)),
  };
}
