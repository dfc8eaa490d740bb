import { Histogram } from '@meshwise/load';

export interface HistogramError {
  /** Of the percentiles that were looked at. */
  readonly worstPercent: number;
  readonly atPercentile: number;
}

/** 0.1 to 99.9 in steps of a tenth, and on from there. */
const PERCENTILES = [...Array.from({ length: 999 }, (_, index) => (index + 1) / 10), 99.99, 99.999, 100];

/** How far the percentiles of the histogram are from those of the samples themselves (the nearest rank of each). */
export function histogramError(samplesNs: readonly number[]): HistogramError {
  const sorted = Float64Array.from(samplesNs).sort();
  const histogram = new Histogram();
  for (const sampleNs of samplesNs) histogram.record(sampleNs);
  let worst: HistogramError = { worstPercent: 0, atPercentile: 0 };
  for (const atPercentile of PERCENTILES) {
    const rank = Math.max(1, Math.ceil(Number(((atPercentile * sorted.length) / 100).toFixed(6))));
    const exactNs = sorted[rank - 1] ?? Number.NaN;
    const worstPercent = (100 * Math.abs(histogram.valueAtPercentile(atPercentile) - exactNs)) / exactNs;
    // So that what is not a number is seen as well.
    if (!(worstPercent <= worst.worstPercent)) worst = { worstPercent, atPercentile };
  }
  return worst;
}
