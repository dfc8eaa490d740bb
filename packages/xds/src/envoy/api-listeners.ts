import { create } from '@bufbuild/protobuf';
import type { ClusterPlan, OutboundPlan, VirtualHostPlan } from '@meshwise/model';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { HttpConnectionManagerSchema } from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { noEndpoints } from './endpoints.ts';
import { ROUTER } from './http-connection-manager.ts';
import { memoise, memoisePair } from './memoise.ts';
import { packed } from './packing.ts';
import { blackHole, proxylessCluster, proxylessEndpoints } from './proxyless-clusters.ts';
import { proxylessRoutes } from './proxyless-routes.ts';
import { ADS, type EnvoyResource } from './resource.ts';

/**
 * All that programs need which are their own proxies: gRPC's xDS clients ask for a listener by the name they call,
 * `reviews.default.svc.cluster.local:9080`, and from there for routes, clusters and endpoints (gRPC proposal A27).
 */
export const proxylessResources = memoise((plan: OutboundPlan): EnvoyResource[] => {
  const clusters = proxylessClusters(plan.clusters);
  const found = plan.endpoints.filter(({ cluster }) => clusters.names.has(cluster));
  const known = new Set(found.map(({ cluster }) => cluster));
  const without = plan.clusters.filter(({ name }) => clusters.names.has(name) && !known.has(name));
  return [
    ...virtualHosts(plan).flatMap((virtualHost) => byName(virtualHost, clusters)),
    ...clusters.resources,
    ...found.map(proxylessEndpoints),
    ...without.map(noEndpoints),
    ...blackHole,
  ];
});

interface Clusters {
  readonly resources: readonly EnvoyResource[];
  readonly names: ReadonlySet<string>;
}

const proxylessClusters = memoise((plans: readonly ClusterPlan[]): Clusters => {
  const resources = plans.flatMap((plan) => proxylessCluster(plan) ?? []);
  return { resources, names: new Set(resources.map(({ name }) => name)) };
});

const byName = memoisePair((plan: VirtualHostPlan, { names }: Clusters): EnvoyResource[] => [
  apiListener(plan.name),
  proxylessRoutes(plan, names),
]);

/** Each name once, of those that stand for one host at one port. */
function virtualHosts({ httpPorts, tcpListeners }: OutboundPlan): readonly VirtualHostPlan[] {
  const detected = tcpListeners.flatMap((listener) => listener.detected ?? []);
  const all = [...httpPorts, ...detected].flatMap((port) => port.virtualHosts);
  const named = all.filter(({ name }) => /^[^*]+:\d+$/.test(name));
  return [...new Map(named.map((plan) => [plan.name, plan])).values()];
}

/** A listener without a socket: nobody listens, a library asks. */
function apiListener(name: string): EnvoyResource {
  const manager = packed(HttpConnectionManagerSchema, {
    statPrefix: name,
    routeSpecifier: { case: 'rds', value: { configSource: ADS, routeConfigName: name } },
    httpFilters: [ROUTER],
  });
  return { type: 'LDS', name, message: create(ListenerSchema, { name, apiListener: { apiListener: manager } }) };
}
