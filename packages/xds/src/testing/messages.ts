/** Small resources for tests. What refers to clusters lists them where a test can read them back. */
import { create } from '@bufbuild/protobuf';
import { type Cluster, Cluster_DiscoveryType, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import {
  type ClusterLoadAssignment,
  ClusterLoadAssignmentSchema,
} from '../../gen/envoy/config/endpoint/v3/endpoint_pb.js';
import { type Listener, ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { type VirtualHost, VirtualHostSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { type RouteConfiguration, RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { type Secret, SecretSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';

export function edsCluster(name: string, revision = 0): Cluster {
  return create(ClusterSchema, {
    name,
    altStatName: `revision ${revision}`,
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.EDS },
  });
}

export function endpoints(clusterName: string, revision = 0): ClusterLoadAssignment {
  return create(ClusterLoadAssignmentSchema, { clusterName, policy: { overprovisioningFactor: 100 + revision } });
}

export function routes(name: string, clusters: readonly string[], revision = 0): RouteConfiguration {
  return create(RouteConfigurationSchema, {
    name,
    internalOnlyHeaders: [...clusters],
    requestHeadersToRemove: [`revision-${revision}`],
  });
}

/** A route configuration that discovers its virtual hosts. */
export function discoveringRoutes(name: string, revision = 0): RouteConfiguration {
  return create(RouteConfigurationSchema, { name, vhds: {}, requestHeadersToRemove: [`revision-${revision}`] });
}

export function virtualHost(name: string, clusters: readonly string[], revision = 0): VirtualHost {
  return create(VirtualHostSchema, {
    name,
    requestHeadersToRemove: [...clusters],
    responseHeadersToRemove: [`revision-${revision}`],
  });
}

export function listener(name: string, routeNames: readonly string[], revision = 0): Listener {
  return create(ListenerSchema, { name, statPrefix: [`revision ${revision}`, ...routeNames].join(',') });
}

export function secret(name: string): Secret {
  return create(SecretSchema, { name });
}
