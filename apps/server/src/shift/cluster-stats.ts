import { adminRequest } from '@meshwise/platform';
import type { Latencies } from './latencies.ts';

/** Counters of one cluster of one proxy, since Envoy has them. */
export interface ClusterStats {
  readonly requests: number;
  /** Responses with 5xx; what got none is counted by Envoy as 503 or 504. */
  readonly errors: number;
  readonly latencies: Latencies;
}

interface StatsBody {
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

/** How much older than a counter a histogram may be: Envoy merges them when it flushes, every five seconds by default, give or take. */
export const HISTOGRAM_LAG_MS = 5_500;

/**
 * What a proxy sent to clusters of these hosts (Envoy, "Cluster manager statistics"; admin `/stats`). Errors that a fault rule
 * of the caller makes are not among them, since such requests are sent to nobody.
 */
export async function readClusterStats(
  adminSocketPath: string,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, ClusterStats>> {
  const named = hosts.map((host) => host.replaceAll(/[^A-Za-z0-9-]/g, '\\$&')).join('|');
  const filter = `^cluster\\.outbound\\|[^;]*\\|(${named});\\.upstream_rq_(completed|5xx|time)$`;
  const path = `/stats?format=json&usedonly&histogram_buckets=detailed&filter=${encodeURIComponent(filter)}`;
  return parseClusterStats(JSON.parse((await adminRequest(adminSocketPath, path)).body) as StatsBody);
}

export function parseClusterStats({ stats = [] }: StatsBody): ReadonlyMap<string, ClusterStats> {
  const counters = new Map(stats.map(({ name = '', value = 0 }) => [name, value]));
  const histograms = new Map(
    stats.flatMap(({ histograms }) => histograms?.details ?? []).map(({ name, totals }) => [name, totals]),
  );
  const found = new Map<string, ClusterStats>();
  for (const [name, requests] of counters) {
    const [, prefix, cluster] = /^(cluster\.(.*);)\.upstream_rq_completed$/.exec(name) ?? [];
    if (prefix === undefined || cluster === undefined) continue;
    const totals = histograms.get(`${prefix}.upstream_rq_time`) ?? [];
    found.set(cluster, {
      requests,
      errors: counters.get(`${prefix}.upstream_rq_5xx`) ?? 0,
      latencies: new Map(
        totals.map(({ lower_bound, width, count }) => [exact(lower_bound), { width: exact(width), count }]),
      ),
    });
  }
  return found;
}

/** Bounds of buckets have two significant digits; Envoy's arithmetic leaves dust such as 220.00000000000003. */
function exact(bound: number): number {
  return Number(bound.toPrecision(6));
}
