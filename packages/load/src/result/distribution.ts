import type { Histogram } from '../histogram/histogram.ts';
import type { Distribution } from './summary.ts';

const NS_PER_MS = 1_000_000;

/** The figures of a histogram of nanoseconds. */
export function distributionOf(histogram: Histogram): Distribution {
  const { count } = histogram;
  const ms = (ns: number) => (count === 0 ? null : ns / NS_PER_MS);
  const at = (percentile: number) => ms(histogram.valueAtPercentile(percentile));
  return {
    count,
    minMs: ms(histogram.minNs),
    meanMs: ms(histogram.meanNs),
    standardDeviationMs: ms(histogram.standardDeviationNs),
    p50Ms: at(50),
    p75Ms: at(75),
    p90Ms: at(90),
    p95Ms: at(95),
    p99Ms: at(99),
    p999Ms: at(99.9),
    p9999Ms: at(99.99),
    maxMs: ms(histogram.maxNs),
  };
}
