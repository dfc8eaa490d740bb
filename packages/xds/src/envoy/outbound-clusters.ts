import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { ClusterPlan } from '@meshwise/model';
import { ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { circuitBreakers, NO_LIMITS } from './circuit-breakers.ts';
import { discovery } from './discovery.ts';
import { healthChecks } from './health-checks.ts';
import { loadBalancing } from './load-balancing.ts';
import { memoise } from './memoise.ts';
import { outlierDetection } from './outlier-detection.ts';
import { NO_OUTSIDE, type Outside } from './outside.ts';
import { durationOf } from './packing.ts';
import { httpOptions } from './protocols.ts';
import { originMetadata } from './provenance.ts';
import type { EnvoyResource } from './resource.ts';
import { statName } from './stat-name.ts';
import { upstreamSockets } from './upstream-sockets.ts';

type ClusterInit = MessageInitShape<typeof ClusterSchema>;

/** `outside` only matters to clusters whose names are looked up for each request. */
export const outboundCluster = memoise((plan: ClusterPlan): EnvoyResource => printedCluster(plan, NO_OUTSIDE));

export function printedCluster(plan: ClusterPlan, outside: Outside): EnvoyResource {
  const { connectTimeoutMs, connectionPool: pool, tls } = plan;
  const message = create(ClusterSchema, {
    name: plan.name,
    altStatName: statName(plan.name),
    ...discovery(plan, outside),
    ...loadBalancing(plan),
    ...upstreamSockets(plan),
    circuitBreakers: pool === undefined ? NO_LIMITS : circuitBreakers(pool),
    healthChecks: healthChecks(plan),
    typedExtensionProtocolOptions: httpOptions(plan.protocol, { pool, tls }),
    metadata: originMetadata(plan.origin),
    ...(plan.outlierDetection === undefined ? {} : { outlierDetection: outlierDetection(plan.outlierDetection) }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeout: durationOf(connectTimeoutMs) }),
    ...keepalive(plan),
  });
  return { type: 'CDS', name: plan.name, message };
}

/** SO_KEEPALIVE and its settings, which count in whole seconds; what is absent is the operating system's. */
function keepalive({ connectionPool }: ClusterPlan): Pick<ClusterInit, 'upstreamConnectionOptions'> {
  const { tcpKeepalive } = connectionPool ?? {};
  if (tcpKeepalive === undefined) return {};
  const { probes, timeMs, intervalMs } = tcpKeepalive;
  const seconds = (milliseconds: number) => Math.max(1, Math.trunc(milliseconds / 1000));
  const settings = {
    ...(probes === undefined ? {} : { keepaliveProbes: probes }),
    ...(timeMs === undefined ? {} : { keepaliveTime: seconds(timeMs) }),
    ...(intervalMs === undefined ? {} : { keepaliveInterval: seconds(intervalMs) }),
  };
  return { upstreamConnectionOptions: { tcpKeepalive: settings } };
}
