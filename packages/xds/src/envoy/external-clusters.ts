import { create } from '@bufbuild/protobuf';
import type { ClusterPlan } from '@meshwise/model';
import {
  type Cluster,
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  ClusterSchema,
} from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { socketFields } from './address.ts';
import { NO_LIMITS } from './circuit-breakers.ts';
import { memoisePair } from './memoise.ts';
import { outboundCluster, printedCluster } from './outbound-clusters.ts';
import type { Outside } from './outside.ts';
import type { EnvoyResource } from './resource.ts';
import { statName } from './stat-name.ts';

/** Where connections go that nothing knows: to the address that they were sent to. Istio's name. */
export const PASSTHROUGH = 'PassthroughCluster';

const ANY_SOURCE = '0.0.0.0';

/**
 * Makes a cluster connect from the network that has a way out. The proxies of captured workloads run in a network without
 * one; opening a socket in another namespace is all it takes, and the workloads themselves still have no way past them.
 */
function leaving(cluster: Cluster, { networkNamespacePath }: Outside): Cluster {
  if (networkNamespacePath === undefined) return cluster;
  const { upstreamBindConfig } = create(ClusterSchema, {
    upstreamBindConfig: { sourceAddress: socketFields(ANY_SOURCE, 0, { networkNamespacePath }) },
  });
  return upstreamBindConfig === undefined ? cluster : { ...cluster, upstreamBindConfig };
}

/** A cluster of the Plan, and how its connections leave when it is external. */
export const clusterIn = memoisePair((plan: ClusterPlan, outside: Outside): EnvoyResource => {
  const printed = plan.discovery === 'dynamic-dns' ? printedCluster(plan, outside) : outboundCluster(plan);
  if (plan.isExternal !== true) return printed;
  return { ...printed, message: leaving(printed.message as Cluster, outside) };
});

const byOutside = new WeakMap<Outside, EnvoyResource>();

export function passthroughCluster(outside: Outside): EnvoyResource {
  const known = byOutside.get(outside);
  if (known !== undefined) return known;
  const cluster = create(ClusterSchema, {
    name: PASSTHROUGH,
    altStatName: statName(PASSTHROUGH),
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.ORIGINAL_DST },
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
    circuitBreakers: NO_LIMITS,
  });
  const printed: EnvoyResource = { type: 'CDS', name: PASSTHROUGH, message: leaving(cluster, outside) };
  byOutside.set(outside, printed);
  return printed;
}
