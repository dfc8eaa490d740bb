import { create } from '@bufbuild/protobuf';
import type { ClusterPlan } from '@meshwise/model';
import {
  type Cluster,
  Cluster_DiscoveryType,
  ClusterSchema,
  Cluster_LbPolicy as LbPolicy,
} from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { NO_LIMITS } from './circuit-breakers.ts';
import { memoise } from './memoise.ts';
import { durationOf } from './packing.ts';
import { httpOptions, transportOf } from './protocols.ts';
import { originMetadata } from './provenance.ts';
import { ADS, type EnvoyResource } from './resource.ts';
import { statName } from './stat-name.ts';
import { plainSocket, upstreamTls } from './tls.ts';

const LB_POLICIES = {
  'round-robin': LbPolicy.ROUND_ROBIN,
  'least-request': LbPolicy.LEAST_REQUEST,
  random: LbPolicy.RANDOM,
  'ring-hash': LbPolicy.RING_HASH,
  maglev: LbPolicy.MAGLEV,
} as const;

/** The key under which endpoints say whether a sidecar stands there. Istio's name and values. */
export const TLS_MODE = 'tlsMode';
export const TLS_MODE_MUTUAL = 'istio';

export const outboundCluster = memoise((plan: ClusterPlan): EnvoyResource => {
  const message = create(ClusterSchema, {
    name: plan.name,
    altStatName: statName(plan.name),
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: { edsConfig: ADS },
    lbPolicy: LB_POLICIES[plan.loadBalancer ?? 'round-robin'],
    // When most endpoints are unhealthy Envoy would use them all; the Plan says which may be used.
    commonLbConfig: { healthyPanicThreshold: { value: 0 } },
    circuitBreakers: NO_LIMITS,
    typedExtensionProtocolOptions: httpOptions(plan.protocol),
    metadata: originMetadata(plan.origin),
    ...(plan.connectTimeoutMs === undefined ? {} : { connectTimeout: durationOf(plan.connectTimeoutMs) }),
    ...transportSockets(plan),
  });
  return { type: 'CDS', name: plan.name, message };
});

function transportSockets(plan: ClusterPlan): Partial<Pick<Cluster, 'transportSocket' | 'transportSocketMatches'>> {
  switch (plan.tls.mode) {
    case 'custom':
    case 'plain':
      return {};
    case 'mutual':
      return { transportSocket: upstreamTls(plan.tls, transportOf(plan.protocol)) };
    case 'auto':
      return {
        transportSocketMatches: create(ClusterSchema, {
          transportSocketMatches: [
            {
              name: `${TLS_MODE}-${TLS_MODE_MUTUAL}`,
              match: { [TLS_MODE]: TLS_MODE_MUTUAL },
              transportSocket: upstreamTls(plan.tls, transportOf(plan.protocol)),
            },
            { name: `${TLS_MODE}-disabled`, match: {}, transportSocket: plainSocket() },
          ],
        }).transportSocketMatches,
      };
  }
}
