/** Null where the baseline is unknown or zero. */
export function percentOf(difference: number | null, baseline: number | null): number | null {
  return difference === null || baseline === null || baseline === 0 ? null : (100 * difference) / baseline;
}
