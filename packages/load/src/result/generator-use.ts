import type { Interval } from './interval.ts';

/** CPU time of less wall time than this is mostly the grain in which the kernel accounts. */
const MEANINGFUL_MS = 100;

export interface WorkerUse {
  readonly elapsedMs: number;
  readonly cores: number;
}

/** What each worker used of its time in these intervals. */
export function usePerWorker(intervals: readonly Interval[]): WorkerUse[] {
  return [...Map.groupBy(intervals, ({ worker }) => worker).values()].map((of) => {
    const elapsedMs = of.reduce((sum, { generator }) => sum + generator.elapsedMs, 0);
    const cpuMs = of.reduce((sum, { generator }) => sum + generator.cpuMs, 0);
    return { elapsedMs, cores: elapsedMs === 0 ? 0 : cpuMs / elapsedMs };
  });
}

/** Time that intervals cover: workers run side by side, and one may have been lost before the others. */
export function elapsedMsOf(intervals: readonly Interval[]): number {
  return Math.max(0, ...usePerWorker(intervals).map(({ elapsedMs }) => elapsedMs));
}

/** The highest share of a core that a worker used in one second. */
export function busiestCores(intervals: readonly Interval[]): number {
  const uses = intervals.flatMap((interval) => usePerWorker([interval]));
  const meaningful = uses.filter(({ elapsedMs }) => elapsedMs >= MEANINGFUL_MS);
  return (meaningful.length === 0 ? uses : meaningful).reduce((most, { cores }) => Math.max(most, cores), 0);
}
