import { percentile } from '../../stats/percentile.ts';
import type { Quantiles } from '../generator.ts';

/** Of generators that give out every sample, which says more than their own summaries. */
export function quantilesOf(latenciesMs: readonly number[]): Quantiles {
  const at = (share: number) => percentile(latenciesMs, share);
  return { p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99), p999Ms: at(0.999) };
}
