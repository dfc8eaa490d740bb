/**
 * The counts that a fair sample stays within: fewer than `low` or more than `high` successes in `trials` have together a
 * probability below `alpha`, when each succeeds with `probability`. Exact, by summing the distribution from both ends.
 */
export function binomialBounds(trials: number, probability: number, alpha = 1e-6): { low: number; high: number } {
  const mass: number[] = [(1 - probability) ** trials];
  for (let k = 1; k <= trials; k++) {
    mass.push(((mass[k - 1] ?? 0) * (trials - k + 1) * probability) / (k * (1 - probability)));
  }
  let low = 0;
  for (let sum = mass[0] ?? 0; sum < alpha / 2; sum += mass[low] ?? 1) low++;
  let high = trials;
  for (let sum = mass[trials] ?? 0; sum < alpha / 2; sum += mass[high] ?? 1) high--;
  return { low, high };
}
