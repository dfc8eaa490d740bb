import { Histogram } from '../histogram/histogram.ts';
import type { SparseHistogram } from '../histogram/sparse.ts';
import { usePerWorker } from './generator-use.ts';
import type { Interval } from './interval.ts';
import type { SecondView } from './summary.ts';

const NS_PER_MS = 1_000_000;

/** The measured seconds in order, workers added up; those in which nothing was reported are not there. */
export function secondsOf(intervals: readonly Interval[]): SecondView[] {
  const bySecond = Map.groupBy(measured(intervals), ({ second }) => second);
  const scratch = new Histogram();
  return [...bySecond].sort(([a], [b]) => a - b).map(([second, group]) => secondOf(second, group, scratch));
}

/** Without the warm-up. */
export function measured(intervals: readonly Interval[]): readonly Interval[] {
  return intervals.filter(({ second }) => second >= 0);
}

function secondOf(second: number, group: readonly Interval[], scratch: Histogram): SecondView {
  const sum = (count: (interval: Interval) => number) => group.reduce((total, one) => total + count(one), 0);
  const atItsEnd = [...Map.groupBy(group, ({ worker }) => worker).values()].flatMap((of) => of.slice(-1));
  const percentiles = (histogram: (interval: Interval) => SparseHistogram) => {
    scratch.reset();
    for (const interval of group) scratch.addSparse(histogram(interval));
    const at = (percentile: number) => (scratch.count === 0 ? null : scratch.valueAtPercentile(percentile) / NS_PER_MS);
    return { p50: at(50), p99: at(99) };
  };
  const response = percentiles((interval) => interval.response);
  const service = percentiles((interval) => interval.service);
  return {
    second,
    scheduled: sum(({ scheduled }) => scheduled),
    completed: sum(({ completed }) => completed),
    failed: sum(({ failed }) => failed),
    dropped: sum(({ dropped }) => dropped),
    inFlight: atItsEnd.reduce((total, { inFlight }) => total + inFlight, 0),
    backlog: atItsEnd.reduce((total, { backlog }) => total + backlog, 0),
    responseP50Ms: response.p50,
    responseP99Ms: response.p99,
    serviceP50Ms: service.p50,
    serviceP99Ms: service.p99,
    lagP99Ms: percentiles((interval) => interval.lag).p99,
    generatorCores: usePerWorker(group).reduce((total, { cores }) => total + cores, 0),
  };
}
