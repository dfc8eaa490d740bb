import type { WeightedCluster } from '@meshwise/model';

const MAX_TOTAL_WEIGHT = 0xffff_ffff;
const SCALED_TOTAL_WEIGHT = 1_000_000;

/**
 * Destinations with weights as Envoy takes them: whole, at least 1, and in sum no more than fits 32 bits. Those without
 * weight are left out; a single destination takes everything, whatever its weight.
 */
export function normalisedWeights(destinations: readonly WeightedCluster[]): WeightedCluster[] {
  const [only] = destinations;
  if (only !== undefined && destinations.length === 1) return [{ ...only, weight: 1 }];
  const taking = destinations.filter((destination) => destination.weight > 0);
  const total = taking.reduce((sum, { weight }) => sum + weight, 0);
  const fits = total <= MAX_TOTAL_WEIGHT && taking.every(({ weight }) => Number.isInteger(weight));
  const factor = fits ? 1 : SCALED_TOTAL_WEIGHT / total;
  return taking.map((destination) => ({
    ...destination,
    weight: Math.max(1, Math.round(destination.weight * factor)),
  }));
}
