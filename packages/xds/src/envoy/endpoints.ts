import { create } from '@bufbuild/protobuf';
import type { ClusterPlan, EndpointPlan, EndpointsPlan } from '@meshwise/model';
import { HealthStatus } from '../../gen/envoy/config/core/v3/health_check_pb.js';
import { type LbEndpoint, LbEndpointSchema } from '../../gen/envoy/config/endpoint/v3/endpoint_components_pb.js';
import { ClusterLoadAssignmentSchema } from '../../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { socketAddress } from './address.ts';
import { memoise } from './memoise.ts';
import { TLS_MODE, TLS_MODE_MUTUAL } from './outbound-clusters.ts';
import type { EnvoyResource } from './resource.ts';

const HEALTH = {
  healthy: HealthStatus.HEALTHY,
  unhealthy: HealthStatus.UNHEALTHY,
  draining: HealthStatus.DRAINING,
} as const;

export const endpoints = memoise((plan: EndpointsPlan): EnvoyResource => {
  // Weight 0 means "no traffic", which Envoy can only be told by leaving the endpoint out.
  const lbEndpoints = plan.endpoints.filter((endpoint) => endpoint.weight > 0).map(lbEndpoint);
  const message = create(ClusterLoadAssignmentSchema, {
    clusterName: plan.cluster,
    endpoints: lbEndpoints.length === 0 ? [] : [{ lbEndpoints }],
  });
  return { type: 'EDS', name: plan.cluster, message };
});

/** For a cluster of which the Plan says nothing more: Envoy would otherwise wait for its endpoints, and start nothing. */
export const noEndpoints = memoise(
  (cluster: ClusterPlan): EnvoyResource => endpoints({ cluster: cluster.name, endpoints: [] }),
);

const lbEndpoint = memoise((plan: EndpointPlan): LbEndpoint => {
  const { workload } = plan;
  return create(LbEndpointSchema, {
    hostIdentifier: { case: 'endpoint', value: { address: socketAddress(plan.address, plan.port) } },
    healthStatus: HEALTH[plan.health],
    loadBalancingWeight: Math.max(1, Math.round(plan.weight)),
    metadata: {
      filterMetadata: {
        ...(plan.mutualTls ? { 'envoy.transport_socket_match': { [TLS_MODE]: TLS_MODE_MUTUAL } } : {}),
        // Istio's fields: workload; namespace; canonical name; revision; cluster.
        ...(workload === undefined ? {} : { istio: { workload: `${workload.pod};${workload.namespace};;;` } }),
      },
    },
  });
});
