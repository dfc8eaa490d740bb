import type { Random } from '../random.ts';

/** Draws an index as often as its weight says. */
export function weightedChoice(weights: readonly number[], random: Random): () => number {
  if (weights.length < 2) return () => 0;
  let sum = 0;
  const upTo = Float64Array.from(weights, (weight) => {
    sum += weight;
    return sum;
  });
  return () => {
    const at = random() * sum;
    const index = upTo.findIndex((end) => at < end);
    return index === -1 ? weights.length - 1 : index;
  };
}
