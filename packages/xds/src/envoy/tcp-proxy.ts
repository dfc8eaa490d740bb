import { create } from '@bufbuild/protobuf';
import type { ByteSettings, TelemetryPlan, WeightedCluster } from '@meshwise/model';
import { type Filter, FilterSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { TcpProxySchema } from '../../gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js';
import { accessLogs } from './access-logs.ts';
import { BLACK_HOLE } from './local-clusters.ts';
import { durationOf, packed } from './packing.ts';
import { normalisedWeights } from './weights.ts';

export interface TcpProxyOptions {
  /** Of its statistics; the name of the first cluster unless given. */
  readonly statPrefix?: string | undefined;
  readonly idleTimeoutMs?: number | undefined;
  readonly maxConnectionDurationMs?: number | undefined;
  /** For clusters that balance by hash. */
  readonly hashesSourceAddress?: boolean | undefined;
  readonly tunnel?: ByteSettings['tunnel'] | undefined;
  readonly telemetry?: TelemetryPlan | undefined;
}

/** Bytes to one cluster, or to one of several by weight; nowhere when there is none. */
export function tcpProxy(destinations: readonly WeightedCluster[], options: TcpProxyOptions = {}): Filter {
  const { statPrefix, idleTimeoutMs, maxConnectionDurationMs, telemetry, tunnel } = options;
  const weighted = normalisedWeights(destinations).map(({ cluster, weight, refusesWith }) => ({
    name: refusesWith === undefined ? cluster : BLACK_HOLE,
    weight,
  }));
  const [first = { name: BLACK_HOLE }] = weighted;
  const value = packed(TcpProxySchema, {
    statPrefix: statPrefix ?? first.name,
    clusterSpecifier:
      weighted.length > 1
        ? { case: 'weightedClusters', value: { clusters: weighted } }
        : { case: 'cluster', value: first.name },
    accessLog: accessLogs(telemetry),
    hashPolicy: options.hashesSourceAddress === true ? [{ policySpecifier: { case: 'sourceIp', value: {} } }] : [],
    ...(tunnel === undefined
      ? {}
      : { tunnelingConfig: { hostname: hostAndPort(tunnel), usePost: tunnel.method === 'POST' } }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeout: durationOf(idleTimeoutMs) }),
    ...(maxConnectionDurationMs === undefined
      ? {}
      : { maxDownstreamConnectionDuration: durationOf(maxConnectionDurationMs) }),
  });
  return create(FilterSchema, {
    name: 'envoy.filters.network.tcp_proxy',
    configType: { case: 'typedConfig', value },
  });
}

/** The request target of CONNECT (RFC 9110, 9.3.6). */
function hostAndPort({ host, port }: NonNullable<ByteSettings['tunnel']>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
