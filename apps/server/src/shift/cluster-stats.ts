import {
  type DetailedStats,
  parseDetailedStats,
  readDetailedStats,
  type StatsBody,
} from '../metrics/detailed-stats.ts';
import type { Latencies } from './latencies.ts';

/** Counters of one cluster of one proxy, since Envoy has them. */
export interface ClusterStats {
  readonly requests: number;
  /** Responses with 5xx; what got none is counted by Envoy as 503 or 504. */
  readonly errors: number;
  readonly latencies: Latencies;
}

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
  return clusterStatsOf(await readDetailedStats(adminSocketPath, filter));
}

export function parseClusterStats(body: StatsBody): ReadonlyMap<string, ClusterStats> {
  return clusterStatsOf(parseDetailedStats(body));
}

/** By the name of the cluster. */
export function clusterStatsOf({ counters, latenciesOf }: DetailedStats): ReadonlyMap<string, ClusterStats> {
  const found = new Map<string, ClusterStats>();
  for (const [name, requests] of counters) {
    const [, prefix, cluster] = /^(cluster\.(.*);)\.upstream_rq_completed$/.exec(name) ?? [];
    if (prefix === undefined || cluster === undefined) continue;
    const errors = counters.get(`${prefix}.upstream_rq_5xx`) ?? 0;
    found.set(cluster, { requests, errors, latencies: latenciesOf(`${prefix}.upstream_rq_time`) });
  }
  return found;
}
