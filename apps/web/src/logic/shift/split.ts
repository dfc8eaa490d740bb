/** Percent of each version; whole numbers that sum to 100. */
export type Split = Readonly<Record<string, number>>;

export function sumOf(split: Split): number {
  return Object.values(split).reduce((sum, weight) => sum + weight, 0);
}

/**
 * Gives a version its weight; the others share what is left as they shared it before. Locked ones keep theirs, so the weight goes no
 * further than they leave room for.
 */
export function withWeight(split: Split, name: string, wanted: number, locked: readonly string[]): Split {
  const others = Object.keys(split).filter((other) => other !== name);
  const kept = others.filter((other) => locked.includes(other));
  const free = others.filter((other) => !locked.includes(other));
  const room = 100 - kept.reduce((sum, other) => sum + (split[other] ?? 0), 0);
  const weight = free.length === 0 ? room : Math.max(0, Math.min(room, Math.round(wanted)));
  const shares = free.map((other) => split[other] ?? 0);
  const rest = shareOut(room - weight, shares);
  const next = Object.entries({ ...split, [name]: weight });
  return Object.fromEntries(next.map(([key, value]) => [key, rest[free.indexOf(key)] ?? value]));
}

/** The same for each version that is not locked. */
export function evenly(split: Split, locked: readonly string[]): Split {
  const free = Object.keys(split).filter((name) => !locked.includes(name));
  const room = 100 - locked.reduce((sum, name) => sum + (split[name] ?? 0), 0);
  const shares = shareOut(
    room,
    free.map(() => 1),
  );
  return Object.fromEntries(Object.entries(split).map(([name, value]) => [name, shares[free.indexOf(name)] ?? value]));
}

/** Whole numbers with this sum, in these proportions (largest remainder); equal ones when there are none. */
export function shareOut(total: number, proportions: readonly number[]): number[] {
  const all = proportions.reduce((sum, one) => sum + one, 0);
  const exact = proportions.map((one) => (all === 0 ? total / proportions.length : (total * one) / all));
  const shares = exact.map(Math.floor);
  const missing = Math.round(total - shares.reduce((sum, one) => sum + one, 0));
  const byRemainder = exact.map((value, index) => ({ index, rest: value - Math.floor(value) }));
  byRemainder.sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/** The way from one split to another at so many percent of it, in whole numbers that sum to 100. */
export function between(from: Split, to: Split, percent: number): Split {
  const names = Object.keys(to);
  const exact = names.map((name) => ((from[name] ?? 0) * (100 - percent) + (to[name] ?? 0) * percent) / 100);
  const shares = shareOut(100, exact);
  return Object.fromEntries(names.map((name, index) => [name, shares[index] ?? 0]));
}
