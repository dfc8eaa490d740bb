import type { HttpPortPlan, OutboundPlan, TcpListenerPlan } from '@meshwise/model';
import { byteListener } from './byte-listeners.ts';
import { endpoints, noEndpoints } from './endpoints.ts';
import { extensionConfigs } from './extension-configs.ts';
import { clusterIn, passthroughCluster } from './external-clusters.ts';
import type { ListenerSetting } from './listener-setting.ts';
import { blackHoleCluster } from './local-clusters.ts';
import { memoise, memoisePair } from './memoise.ts';
import { ANY_ADDRESS, httpPortListener } from './outbound-listeners.ts';
import { NO_OUTSIDE, type Outside } from './outside.ts';
import type { EnvoyResource } from './resource.ts';
import { addressedRoutes, detectedRoutes, httpProxyRoutes, portRoutes } from './route-configurations.ts';
import { unknownPolicy } from './unknown-destinations.ts';

/** Where a scope's proxies may send to: for sidecars, nodes and gateways alike. */
export function destinationResources(plan: OutboundPlan, outside: Outside = NO_OUTSIDE): EnvoyResource[] {
  const known = new Set(plan.endpoints.map(({ cluster }) => cluster));
  return [
    blackHoleCluster,
    passthroughCluster(outside),
    ...plan.clusters.map((cluster) => clusterIn(cluster, outside)),
    ...plan.endpoints.map(endpoints),
    ...plan.clusters.filter(({ name, discovery = 'eds' }) => discovery === 'eds' && !known.has(name)).map(noEndpoints),
  ];
}

/** How what a workload sends is understood: for proxies that stand in front of workloads. */
export function captureResources(plan: OutboundPlan, outside: Outside = NO_OUTSIDE): EnvoyResource[] {
  const { telemetry, pathNormalization } = plan;
  const setting: ListenerSetting = { unknown: unknownPolicy(plan, outside), telemetry, outside, pathNormalization };
  const captured = plan.tcpListeners.filter(({ isBound }) => isBound !== true);
  const taken = new Set(captured.map(({ address, port }) => `${address}_${port}`));
  return [
    // A listener for bytes of the whole port has the routes of the port, too.
    ...plan.httpPorts
      .filter(({ port, bind }) => bind === undefined && !taken.has(`${ANY_ADDRESS}_${port}`))
      .map((port) => httpPortListener(port, setting)),
    ...plan.httpPorts.flatMap((port) => portRoutes(port, setting.unknown)),
    ...plan.httpPorts.flatMap(addressedRoutes),
    ...captured.map((listener) => byteListener(listener, setting)),
    ...detectedPorts(plan.tcpListeners).flatMap(detectedRoutes),
    ...extensionConfigs(plan.functions),
  ];
}

/** Besides those, for a scope with workloads that nothing captures. */
export function explicitProxyResources(plan: OutboundPlan): EnvoyResource[] {
  return httpProxyRoutes(allPorts(plan.httpPorts, plan.tcpListeners));
}

/** Routes of services without declared protocol, once for all addresses of a service; others are those of a port. */
const detectedPorts = memoise((listeners: readonly TcpListenerPlan[]): readonly HttpPortPlan[] => {
  const own = listeners.flatMap(({ detected }) => (detected?.routeName === undefined ? [] : [detected]));
  return [...new Map(own.map((plan) => [plan.routeName, plan])).values()];
});

/** Who speaks to a proxy speaks HTTP, so nothing needs to be detected there. */
const allPorts = memoisePair((ports: readonly HttpPortPlan[], listeners: readonly TcpListenerPlan[]) => [
  ...ports,
  ...detectedPorts(listeners),
]);
