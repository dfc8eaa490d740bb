/** The chance of at most `count` successes in `total` tries that succeed with `chance` each. */
export function binomialAtMost(count: number, total: number, chance: number): number {
  if (count >= total || chance <= 0) return 1;
  if (count < 0 || chance >= 1) return 0;
  const logOdds = Math.log(chance) - Math.log1p(-chance);
  let logTerm = total * Math.log1p(-chance);
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= count; k += 1) {
    logTerm += Math.log((total - k + 1) / k) + logOdds;
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/**
 * The greatest share that is still compatible with having seen `count` of `total`, with 97.5 % confidence (Clopper and Pearson,
 * 1934). What was never seen is not impossible: 0 of 1,000 leave room for 0.37 %. NaN when nothing was tried.
 */
export function shareAtMost(count: number, total: number): number {
  if (total === 0) return Number.NaN;
  let [low, high] = [count / total, 1];
  for (let step = 0; step < 60 && count < total; step += 1) {
    const middle = (low + high) / 2;
    if (binomialAtMost(count, total, middle) > 0.025) low = middle;
    else high = middle;
  }
  return high;
}
