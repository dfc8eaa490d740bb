import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { ClusterPlan, EndpointsPlan } from '@meshwise/model';
import {
  ClusterSchema,
  Cluster_LbPolicy as LbPolicy,
  Cluster_DiscoveryType as Type,
} from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { LocalitySchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { LocalityLbEndpointsSchema } from '../../gen/envoy/config/endpoint/v3/endpoint_components_pb.js';
import { ClusterLoadAssignmentSchema } from '../../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { circuitBreakers } from './circuit-breakers.ts';
import { loadAssignment } from './endpoints.ts';
import { memoise } from './memoise.ts';
import { ADS, type EnvoyResource } from './resource.ts';

type Balancing = Pick<MessageInitShape<typeof ClusterSchema>, 'lbPolicy' | 'circuitBreakers'>;

const HASHING = new Set(['ring-hash', 'maglev']);

/**
 * A cluster as gRPC's own xDS clients read it (gRPC proposals A27, A32 and A42): plain text, since they have no identity here, and one of
 * the two balancers they all have. Undefined when they cannot find its endpoints.
 */
export const proxylessCluster = memoise((plan: ClusterPlan): EnvoyResource | undefined => {
  const { name, discovery = 'eds', connectionPool: pool, loadBalancer = 'round-robin' } = plan;
  if (discovery !== 'eds' || (plan.tls.mode !== 'plain' && plan.tls.mode !== 'auto')) return undefined;
  return eds(name, {
    lbPolicy: HASHING.has(loadBalancer) ? LbPolicy.RING_HASH : LbPolicy.ROUND_ROBIN,
    ...(pool === undefined ? {} : { circuitBreakers: circuitBreakers(pool) }),
  });
});

/** Istio's name for where calls go that may go nowhere. */
export const BLACK_HOLE = 'BlackHoleCluster';

/** For a proxy it is a cluster without endpoints to find; these clients have to be told that there are none. */
export const blackHole: readonly EnvoyResource[] = [
  eds(BLACK_HOLE, {}),
  {
    type: 'EDS',
    name: BLACK_HOLE,
    message: create(ClusterLoadAssignmentSchema, { clusterName: BLACK_HOLE }),
  },
];

function eds(name: string, rest: Balancing): EnvoyResource {
  const message = create(ClusterSchema, {
    ...rest,
    name,
    clusterDiscoveryType: { case: 'type', value: Type.EDS },
    edsClusterConfig: { edsConfig: ADS },
  });
  return { type: 'CDS', name, message };
}

/** Its endpoints. gRPC insists on a locality, if only the empty one, and knows no Unix sockets here. */
export const proxylessEndpoints = memoise((plan: EndpointsPlan): EnvoyResource => {
  const endpoints = plan.endpoints.filter(({ address }) => !address.startsWith('unix://'));
  const printed = loadAssignment({ ...plan, endpoints });
  const message = create(ClusterLoadAssignmentSchema, {
    ...printed,
    endpoints: printed.endpoints.map((group) =>
      create(LocalityLbEndpointsSchema, { ...group, locality: group.locality ?? create(LocalitySchema) }),
    ),
  });
  return { type: 'EDS', name: plan.cluster, message };
});
