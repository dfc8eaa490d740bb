import { create } from '@bufbuild/protobuf';
import type { WeightedCluster } from '@meshwise/model';
import { type Filter, FilterSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { TcpProxySchema } from '../../gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js';
import { BLACK_HOLE } from './local-clusters.ts';
import { packed } from './packing.ts';
import { normalisedWeights } from './weights.ts';

/** Bytes to one cluster, or to one of several by weight; nowhere when there is none. */
export function tcpProxy(destinations: readonly WeightedCluster[], statPrefix?: string): Filter {
  const weighted = normalisedWeights(destinations);
  const [first = { name: BLACK_HOLE }] = weighted;
  const value = packed(TcpProxySchema, {
    statPrefix: statPrefix ?? first.name,
    clusterSpecifier:
      weighted.length > 1
        ? { case: 'weightedClusters', value: { clusters: weighted } }
        : { case: 'cluster', value: first.name },
  });
  return create(FilterSchema, {
    name: 'envoy.filters.network.tcp_proxy',
    configType: { case: 'typedConfig', value },
  });
}
