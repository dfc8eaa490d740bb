import { adminRequest } from '@meshwise/platform';
import type { Latencies } from '../shift/latencies.ts';

/** The answer of Envoy's `/stats?format=json&histogram_buckets=detailed`. */
export interface StatsBody {
  readonly stats?: readonly {
    readonly name?: string;
    readonly value?: number;
    readonly histograms?: {
      readonly details?: readonly {
        readonly name: string;
        readonly totals: readonly { readonly lower_bound: number; readonly width: number; readonly count: number }[];
      }[];
    };
  }[];
}

/** Counters and histograms of a proxy by their names, since it began. */
export interface DetailedStats {
  readonly counters: ReadonlyMap<string, number>;
  latenciesOf(histogram: string): Latencies;
}

/** How much older than a counter a histogram may be: Envoy merges them when it flushes, every five seconds by default, give or take. */
export const HISTOGRAM_LAG_MS = 5_500;

/** Those of which the names match (RE2). Rejects when the proxy does not answer. */
export async function readDetailedStats(adminSocketPath: string, filter: string): Promise<DetailedStats> {
  const path = `/stats?format=json&usedonly&histogram_buckets=detailed&filter=${encodeURIComponent(filter)}`;
  return parseDetailedStats(JSON.parse((await adminRequest(adminSocketPath, path)).body) as StatsBody);
}

export function parseDetailedStats({ stats = [] }: StatsBody): DetailedStats {
  const histograms = new Map(
    stats.flatMap(({ histograms: found }) => found?.details ?? []).map(({ name, totals }) => [name, totals]),
  );
  return {
    counters: new Map(
      stats.flatMap(({ name, value }) => (name === undefined || value === undefined ? [] : [[name, value]])),
    ),
    latenciesOf: (histogram) =>
      new Map(
        (histograms.get(histogram) ?? []).map(({ lower_bound, width, count }) => [
          exact(lower_bound),
          { width: exact(width), count },
        ]),
      ),
  };
}

/** Bounds of buckets have two significant digits; Envoy's arithmetic leaves dust such as 220.00000000000003. */
function exact(bound: number): number {
  return Number(bound.toPrecision(6));
}
