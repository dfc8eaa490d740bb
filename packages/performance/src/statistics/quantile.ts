/**
 * The value below which a share of the sample lies, between neighbours in proportion (type 7 of Hyndman and Fan,
 * "Sample Quantiles in Statistical Packages", 1996). NaN for an empty sample: unknown is not zero.
 */
export function quantile(sample: ArrayLike<number>, share: number): number {
  return quantileOfSorted(Float64Array.from(sample).sort(), share);
}

/** The same of a sample in ascending order. */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export function median(sample: ArrayLike<number>): number {
  return quantile(sample, 0.5);
}

/** Median absolute deviation, times 1.4826 so that it is the standard deviation of normal values (Hampel, 1974). */
export function medianDeviation(sample: ArrayLike<number>): number {
  const middle = median(sample);
  return 1.4826 * median(Float64Array.from(sample, (value) => Math.abs(value - middle)));
}
