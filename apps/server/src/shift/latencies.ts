/**
 * Latencies as Envoy counts them: whole milliseconds in buckets of two significant digits (circllhist), each with its floor
 * and width. Kept by floor, so that buckets of several proxies and of several moments add up.
 */
export type Latencies = ReadonlyMap<number, { readonly width: number; readonly count: number }>;

export const NO_LATENCIES: Latencies = new Map();

export function addLatencies(a: Latencies, b: Latencies): Latencies {
  const sum = new Map(a);
  for (const [floor, { width, count }] of b) sum.set(floor, { width, count: count + (a.get(floor)?.count ?? 0) });
  return sum;
}

/** What came since `before`. A bucket that fell was reset by a restart, and counts from zero. */
export function latenciesSince(before: Latencies, after: Latencies): Latencies {
  const fell = [...before].some(([floor, { count }]) => (after.get(floor)?.count ?? 0) < count);
  if (fell) return after;
  const since = [...after].map(([floor, { width, count }]) => {
    return [floor, { width, count: count - (before.get(floor)?.count ?? 0) }] as const;
  });
  return new Map(since.filter(([, { count }]) => count > 0));
}

export function countOf(latencies: Latencies): number {
  return [...latencies.values()].reduce((sum, { count }) => sum + count, 0);
}

/**
 * Upper end of the bucket that holds the percentile, so that nothing looks faster than it was; undefined without a sample.
 * Envoy cuts off parts of milliseconds, so a bucket reaches at least one further than its floor.
 */
export function percentileMs(latencies: Latencies, percent: number): number | undefined {
  const rank = Math.ceil((countOf(latencies) * percent) / 100);
  let seen = 0;
  for (const [floor, { width, count }] of [...latencies].sort(([a], [b]) => a - b)) {
    seen += count;
    if (count > 0 && seen >= rank) return Number((floor + Math.max(1, width)).toPrecision(6));
  }
  return undefined;
}

/** `floor+width:count`, as it stands in the status of a shift. */
export function latenciesText(latencies: Latencies): string {
  return [...latencies]
    .sort(([a], [b]) => a - b)
    .map(([floor, { width, count }]) => `${floor}+${width}:${count}`)
    .join(' ');
}

/** What is no bucket is left out: a status may have been written by anybody. */
export function readLatencies(text: string): Latencies {
  const buckets = text
    .split(' ')
    .map((part) => /^(\d[\d.e-]*)\+(\d[\d.e-]*):(\d+)$/.exec(part)?.slice(1).map(Number) ?? []);
  return new Map(
    buckets.flatMap(([floor, width, count]) =>
      floor === undefined || width === undefined || !((count ?? 0) > 0) ? [] : [[floor, { width, count: count ?? 0 }]],
    ),
  );
}
