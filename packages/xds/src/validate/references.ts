/**
 * What a resource refers to by name. Only references that are answered over ADS count: a file or another server is
 * not ours to check. A reference taken from the request (`cluster_header`) names nothing.
 */
import { fromBinary, isMessage, type Message } from '@bufbuild/protobuf';
import { Cluster_DiscoveryType, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import type { ConfigSource } from '../../gen/envoy/config/core/v3/config_source_pb.js';
import { GrpcService_EnvoyGrpcSchema } from '../../gen/envoy/config/core/v3/grpc_service_pb.js';
import { HttpUriSchema } from '../../gen/envoy/config/core/v3/http_uri_pb.js';
import {
  RouteAction_RequestMirrorPolicySchema,
  RouteActionSchema,
  WeightedCluster_ClusterWeightSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { ScopedRouteConfigurationSchema } from '../../gen/envoy/config/route/v3/scoped_route_pb.js';
import { ClusterConfigSchema as AggregateSchema } from '../../gen/envoy/extensions/clusters/aggregate/v3/cluster_pb.js';
import {
  HttpFilterSchema,
  RdsSchema,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import {
  TcpProxy_WeightedCluster_ClusterWeightSchema,
  TcpProxySchema,
} from '../../gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb.js';
import { SdsSecretConfigSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import { rulesOf, type XdsType } from '../types.ts';
import type { EncodedResource } from '../view/encoded-resource.ts';
import { walk } from './walk.ts';

export interface Reference {
  readonly to: XdsType;
  readonly name: string;
  /** Path of the message that refers, in the generated types' names. */
  readonly field: string;
}

export function referencesOf(message: Message): Reference[] {
  const references: Reference[] = [];
  walk(message, (inner, field) => {
    for (const [to, name] of named(inner)) if (name !== '') references.push({ to, name, field });
  });
  return references;
}

const cache = new WeakMap<EncodedResource, readonly Reference[]>();

/** The references of a resource as a view holds it, found once however often it is asked for. */
export function referencesOfEncoded(type: XdsType, resource: EncodedResource): readonly Reference[] {
  let references = cache.get(resource);
  if (references === undefined) {
    references = referencesOf(fromBinary(rulesOf(type).schema, resource.body));
    cache.set(resource, references);
  }
  return references;
}

const isAds = (source: ConfigSource | undefined): boolean => source?.configSourceSpecifier.case === 'ads';

/** What one message, without what is inside it, names. */
function* named(message: Message): Generator<readonly [XdsType, string]> {
  if (isMessage(message, ClusterSchema)) {
    const discovery = message.clusterDiscoveryType;
    const isEds = discovery.case === 'type' && discovery.value === Cluster_DiscoveryType.EDS;
    if (isEds && isAds(message.edsClusterConfig?.edsConfig)) {
      yield ['EDS', message.edsClusterConfig?.serviceName || message.name];
    }
  } else if (isMessage(message, RouteActionSchema)) {
    if (message.clusterSpecifier.case === 'cluster') yield ['CDS', message.clusterSpecifier.value];
  } else if (isMessage(message, TcpProxySchema)) {
    if (message.clusterSpecifier.case === 'cluster') yield ['CDS', message.clusterSpecifier.value];
  } else if (isMessage(message, WeightedCluster_ClusterWeightSchema)) yield ['CDS', message.name];
  else if (isMessage(message, TcpProxy_WeightedCluster_ClusterWeightSchema)) yield ['CDS', message.name];
  else if (isMessage(message, RouteAction_RequestMirrorPolicySchema)) yield ['CDS', message.cluster];
  else if (isMessage(message, GrpcService_EnvoyGrpcSchema)) yield ['CDS', message.clusterName];
  else if (isMessage(message, HttpUriSchema)) yield ['CDS', message.httpUpstreamType.value ?? ''];
  else if (isMessage(message, AggregateSchema)) for (const name of message.clusters) yield ['CDS', name];
  else if (isMessage(message, RdsSchema)) {
    if (isAds(message.configSource)) yield ['RDS', message.routeConfigName];
  } else if (isMessage(message, ScopedRouteConfigurationSchema)) yield ['RDS', message.routeConfigurationName];
  else if (isMessage(message, SdsSecretConfigSchema)) {
    if (isAds(message.sdsConfig)) yield ['SDS', message.name];
  } else if (isMessage(message, HttpFilterSchema)) {
    const config = message.configType;
    if (config.case === 'configDiscovery' && isAds(config.value.configSource)) yield ['ECDS', message.name];
  }
}
