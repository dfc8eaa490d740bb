import type { Outcome } from './outcome.ts';

/** Chance that two equal distributions are found to differ, for one question. */
const ALPHA = 1e-6;

/** Undefined when two samples of outcomes may come from the same distribution; else what differs. */
export function difference(istio: readonly Outcome[], ours: readonly Outcome[], inOrder?: boolean): string | undefined {
  if (inOrder === true) return istio.map((outcome, index) => oneDifference(outcome, ours[index])).find(isDefined);
  const [theirs, mine] = [countOf(istio), countOf(ours)];
  const kinds = [...new Set([...theirs.keys(), ...mine.keys()])];
  const differs = (kind: string) => {
    const [a, b] = [theirs.get(kind) ?? 0, mine.get(kind) ?? 0];
    if (istio.length === 1) return a !== b;
    return fisherExact(a, istio.length - a, b, ours.length - b) * kinds.length < ALPHA;
  };
  if (!kinds.some(differs)) return undefined;
  if (istio.length === 1) return oneDifference(istio[0], ours[0]);
  return `istio:    ${describe(theirs)}\nmeshwise: ${describe(mine)}`;
}

/** The parts of two outcomes that are not the same. */
function oneDifference(istio: Outcome | undefined, ours: Outcome | undefined): string | undefined {
  const parts = ['status', 'responseHeaders', 'body', 'received', 'pace'] as const;
  const different = parts.filter((part) => JSON.stringify(istio?.[part]) !== JSON.stringify(ours?.[part]));
  if (different.length === 0) return undefined;
  const lines = different.flatMap((part) => [
    `  ${part}`,
    `    istio:    ${JSON.stringify(istio?.[part])}`,
    `    meshwise: ${JSON.stringify(ours?.[part])}`,
  ]);
  return lines.join('\n');
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function countOf(outcomes: readonly Outcome[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    const text = JSON.stringify(outcome);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function describe(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 6)
    .map(([text, count]) => (counts.size === 1 && count === 1 ? text : `${count} × ${text}`))
    .join('\n          ');
}

/**
 * Fisher's exact test of a 2×2 table, two-sided: the chance of a table at most as likely as this one when both rows have
 * the same distribution. Exact, since counts here are small and the level is far out where approximations end.
 */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  const [row, column, total] = [a + b, a + c, a + b + c + d];
  const logChance = (x: number) => logChoose(row, x) + logChoose(total - row, column - x) - logChoose(total, column);
  const here = logChance(a) + 1e-9;
  let sum = 0;
  for (let x = Math.max(0, column - (total - row)); x <= Math.min(row, column); x += 1) {
    const chance = logChance(x);
    if (chance <= here) sum += Math.exp(chance);
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i += 1) sum += Math.log(n - k + i) - Math.log(i);
  return sum;
}
