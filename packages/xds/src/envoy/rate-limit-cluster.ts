import { create } from '@bufbuild/protobuf';
import { Cluster_DiscoveryType, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { pipeAddress } from './address.ts';
import { NO_LIMITS } from './circuit-breakers.ts';
import { httpOptions } from './protocols.ts';
import { RATE_LIMIT_CLUSTER } from './rate-limits.ts';
import type { EnvoyResource } from './resource.ts';
import { statName } from './stat-name.ts';

const known = new Map<string, EnvoyResource>();

/** The rate-limit service: a process of this machine behind a Unix socket, reachable from every network namespace. */
export function rateLimitCluster(socketPath: string): EnvoyResource {
  const printed = known.get(socketPath) ?? print(socketPath);
  known.set(socketPath, printed);
  return printed;
}

function print(socketPath: string): EnvoyResource {
  const message = create(ClusterSchema, {
    name: RATE_LIMIT_CLUSTER,
    altStatName: statName(RATE_LIMIT_CLUSTER),
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.STATIC },
    circuitBreakers: NO_LIMITS,
    typedExtensionProtocolOptions: httpOptions('grpc'),
    loadAssignment: {
      clusterName: RATE_LIMIT_CLUSTER,
      endpoints: [
        { lbEndpoints: [{ hostIdentifier: { case: 'endpoint', value: { address: pipeAddress(socketPath) } } }] },
      ],
    },
  });
  return { type: 'CDS', name: RATE_LIMIT_CLUSTER, message };
}
