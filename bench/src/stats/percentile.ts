/**
 * The value below which a share of the sample lies, between neighbours in proportion (type 7 of Hyndman and Fan,
 * "Sample Quantiles in Statistical Packages", 1996). NaN for an empty sample: unknown is not zero.
 */
export function percentile(sample: readonly number[], share: number): number {
  const sorted = Float64Array.from(sample).sort();
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export function median(sample: readonly number[]): number {
  return percentile(sample, 0.5);
}
