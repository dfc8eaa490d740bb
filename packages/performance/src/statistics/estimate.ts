import type { Difference, Estimate } from '../record/experiment-record.ts';
import { normalBelow, studentLimit } from './distributions.ts';
import { quantileOfSorted } from './quantile.ts';
import type { Weights } from './resample.ts';

/** With fewer units that vary by themselves, draws say next to nothing about how much a figure would vary. */
export const FEWEST_UNITS = 5;

/** A figure and what it would have been for each draw. Draws with the same number belong together. */
export interface Sampled {
  readonly value: number;
  readonly draws: Float64Array;
  /** How many units varied by themselves. */
  readonly units: number;
}

export function sample(
  units: number,
  count: number,
  draws: readonly Weights[],
  statistic: (weights: ArrayLike<number>) => number,
): Sampled {
  const once = new Uint16Array(count).fill(1);
  return { value: statistic(once), draws: Float64Array.from(draws, statistic), units };
}

/** What the one has more than the other, draw for draw. */
export function minus(to: Sampled, from: Sampled): Sampled {
  const draws = to.draws.map((value, draw) => value - (from.draws[draw] ?? Number.NaN));
  return { value: to.value - from.value, draws, units: Math.min(to.units, from.units) };
}

/**
 * The 95 % interval that the draws give: their percentiles, taken a little further out the fewer units there are, since few
 * units vary less than what they stand for (expanded percentile interval; Hesterberg, "What Teachers Should Know About the
 * Bootstrap", 2015, 5.3). It always holds the value itself. Draws in which a figure does not exist are left out; when
 * they are many, or there are too few units, there is no interval.
 */
export function estimateOf({ value, draws, units }: Sampled): Estimate {
  if (!Number.isFinite(value)) return { value: null, low: null, high: null };
  const sorted = draws.filter(Number.isFinite).sort();
  if (units < FEWEST_UNITS || sorted.length < draws.length / 2) return { value, low: null, high: null };
  const outside = normalBelow(-Math.sqrt(units / (units - 1)) * studentLimit(units - 1));
  return {
    value,
    low: Math.min(value, quantileOfSorted(sorted, outside)),
    high: Math.max(value, quantileOfSorted(sorted, 1 - outside)),
  };
}

export function differenceOf(to: Sampled, from: Sampled): Difference {
  const estimate = estimateOf(minus(to, from));
  return { ...estimate, verdict: verdictOn(estimate) };
}

export function verdictOn({ low, high }: Estimate): Difference['verdict'] {
  if (low === null || high === null) return 'unknown';
  if (low > 0) return 'more';
  return high < 0 ? 'less' : 'within noise';
}
