import type { PrometheusSample } from '@meshwise/platform';
import type { Distribution } from './exposition.ts';

/** What one cluster of a proxy has counted since that proxy started. */
export interface ClusterStatistics {
  /** By status code. */
  readonly requests: ReadonlyMap<string, number>;
  readonly durations: Distribution | undefined;
  readonly connectionsOpened: number;
  readonly connectionsClosed: number;
  /** Bytes to the server and from it. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** Statistics of clusters towards services and programs; names of clusters end with a semicolon (see `statName`). */
export const CLUSTER_FILTER =
  '^cluster\\.(out|in)bound.*;\\.(upstream_rq_[1-5][0-9][0-9]|upstream_rq_time|upstream_cx_(total|destroy|rx_bytes_total|tx_bytes_total))$';

/** By the name of the cluster. */
export function clusterStatistics(samples: readonly PrometheusSample[]): ReadonlyMap<string, ClusterStatistics> {
  const byCluster = new Map<string, PrometheusSample[]>();
  for (const sample of samples) {
    const cluster = sample.labels['cluster_name'];
    if (cluster === undefined) continue;
    const list = byCluster.get(cluster) ?? [];
    byCluster.set(cluster, list);
    list.push(sample);
  }
  return new Map([...byCluster].map(([cluster, list]) => [cluster, statisticsOf(list)]));
}

function statisticsOf(samples: readonly PrometheusSample[]): ClusterStatistics {
  const requests = new Map<string, number>();
  const buckets = new Map<string, number>();
  const values = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    const { response_code: code, le: bound } = labels;
    if (name === 'envoy_cluster_upstream_rq' && code !== undefined) requests.set(code, value);
    else if (name === 'envoy_cluster_upstream_rq_time_bucket' && bound !== undefined) buckets.set(bound, value);
    else values.set(name.replace('envoy_cluster_', ''), value);
  }
  const value = (name: string) => values.get(name) ?? 0;
  const count = values.get('upstream_rq_time_count');
  return {
    requests,
    durations: count === undefined ? undefined : { buckets, count, sum: value('upstream_rq_time_sum') },
    connectionsOpened: value('upstream_cx_total'),
    connectionsClosed: value('upstream_cx_destroy'),
    sentBytes: value('upstream_cx_tx_bytes_total'),
    receivedBytes: value('upstream_cx_rx_bytes_total'),
  };
}
