/** Less than one run in a million goes wrong by chance. */
const ALPHA = 1e-6;

/**
 * Whether so many of a total may well be what a share gives: an exact two-sided binomial test (Clopper and Pearson, 1934)
 * at α = 10⁻⁶. `false` says that the share is another one. For tests of weights, percentages and balancers.
 */
export function isPlausible(count: number, total: number, share: number): boolean {
  if (share <= 0 || share >= 1) return count === Math.round(total * share);
  const probabilities = Array.from({ length: total + 1 }, (_, successes) => probability(successes, total, share));
  const sum = (from: number, to: number) => probabilities.slice(from, to + 1).reduce((all, one) => all + one, 0);
  return Math.min(sum(0, count), sum(count, total)) >= ALPHA / 2;
}

function probability(count: number, total: number, share: number): number {
  return Math.exp(logChoose(total, count) + count * Math.log(share) + (total - count) * Math.log1p(-share));
}

function logChoose(total: number, count: number): number {
  let result = 0;
  for (let index = 1; index <= count; index += 1) result += Math.log(total - count + index) - Math.log(index);
  return result;
}
