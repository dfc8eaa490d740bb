import { create } from '@bufbuild/protobuf';
import type { ClusterPlan, EndpointPlan, EndpointsPlan } from '@meshwise/model';
import { type Locality, LocalitySchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { HealthStatus } from '../../gen/envoy/config/core/v3/health_check_pb.js';
import {
  type LbEndpoint,
  LbEndpointSchema,
  type LocalityLbEndpoints,
  LocalityLbEndpointsSchema,
} from '../../gen/envoy/config/endpoint/v3/endpoint_components_pb.js';
import {
  type ClusterLoadAssignment,
  ClusterLoadAssignmentSchema,
} from '../../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { pipeAddress, socketAddress } from './address.ts';
import { TLS_MODE, TLS_MODE_MUTUAL } from './endpoint-metadata.ts';
import { memoise } from './memoise.ts';
import type { EnvoyResource } from './resource.ts';

const HEALTH = {
  healthy: HealthStatus.HEALTHY,
  unhealthy: HealthStatus.UNHEALTHY,
  draining: HealthStatus.DRAINING,
} as const;

export const endpoints = memoise((plan: EndpointsPlan): EnvoyResource => {
  return { type: 'EDS', name: plan.cluster, message: loadAssignment(plan) };
});

/** More than the hundred of Istio's percentages, since several localities may divide one share. */
const WEIGHT_OF_SHARE = 1000;
const MAX_WEIGHT = 0xffff_ffff;

/** The endpoints of a cluster, in groups of one priority and one place. */
export function loadAssignment(plan: EndpointsPlan): ClusterLoadAssignment {
  const groups = new Map<string, EndpointPlan[]>();
  // Weight 0 means "no traffic", which Envoy can only be told by leaving the endpoint out.
  for (const endpoint of plan.endpoints.filter(({ weight }) => weight > 0)) {
    const key = `${endpoint.priority ?? 0} ${endpoint.locality ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), endpoint]);
  }
  const ordered = [...groups.values()].sort(([a], [b]) => (a?.priority ?? 0) - (b?.priority ?? 0));
  return create(ClusterLoadAssignmentSchema, {
    clusterName: plan.cluster,
    endpoints: ordered.map((group) => localityEndpoints(group, plan.localityWeights)),
  });
}

function localityEndpoints(
  group: readonly EndpointPlan[],
  shares: EndpointsPlan['localityWeights'],
): LocalityLbEndpoints {
  const [first] = group;
  const { locality, priority } = first ?? {};
  const share = shares?.[locality ?? ''];
  const own = group.reduce((sum, { weight }) => sum + wholeWeight(weight), 0);
  // Only clusters that weigh localities look at it; without shares a locality is worth what its endpoints are.
  const weight = share === undefined ? own : wholeWeight(share * WEIGHT_OF_SHARE);
  return create(LocalityLbEndpointsSchema, {
    lbEndpoints: group.map(lbEndpoint),
    loadBalancingWeight: Math.min(weight, MAX_WEIGHT),
    priority: priority ?? 0,
    ...(locality === undefined ? {} : { locality: placeOf(locality) }),
  });
}

function placeOf(locality: string): Locality {
  const [region = '', zone = '', subZone = ''] = locality.split('/', 3);
  return create(LocalitySchema, { region, zone, subZone });
}

function wholeWeight(weight: number): number {
  return Math.max(1, Math.round(weight));
}

/** For a cluster of which the Plan says nothing more: Envoy would otherwise wait for its endpoints, and start nothing. */
export const noEndpoints = memoise(
  (cluster: ClusterPlan): EnvoyResource => endpoints({ cluster: cluster.name, endpoints: [] }),
);

const lbEndpoint = memoise((plan: EndpointPlan): LbEndpoint => {
  const { workload } = plan;
  return create(LbEndpointSchema, {
    hostIdentifier: { case: 'endpoint', value: { address: addressOf(plan) } },
    healthStatus: HEALTH[plan.health],
    loadBalancingWeight: wholeWeight(plan.weight),
    metadata: {
      filterMetadata: {
        ...(plan.mutualTls ? { 'envoy.transport_socket_match': { [TLS_MODE]: TLS_MODE_MUTUAL } } : {}),
        // Istio's fields: workload; namespace; canonical name; revision; cluster.
        ...(workload === undefined ? {} : { istio: { workload: `${workload.pod};${workload.namespace};;;` } }),
      },
    },
  });
});

const SOCKET = 'unix://';

function addressOf({ address, port }: EndpointPlan) {
  return address.startsWith(SOCKET) ? pipeAddress(address.slice(SOCKET.length)) : socketAddress(address, port);
}
