import type { OutboundPlan } from '@meshwise/model';
import { endpoints, noEndpoints } from './endpoints.ts';
import { HTTP_EXTENSION_CONFIGS } from './extension-configs.ts';
import { blackHoleCluster } from './local-clusters.ts';
import { outboundCluster } from './outbound-clusters.ts';
import { httpPortListener, tcpServiceListener } from './outbound-listeners.ts';
import type { EnvoyResource } from './resource.ts';
import { httpProxyRoutes, portRoutes } from './route-configurations.ts';

/** Where a scope's proxies may send to: for sidecars, nodes and gateways alike. */
export function destinationResources(plan: OutboundPlan): EnvoyResource[] {
  const known = new Set(plan.endpoints.map(({ cluster }) => cluster));
  return [
    blackHoleCluster,
    ...plan.clusters.map(outboundCluster),
    ...plan.endpoints.map(endpoints),
    ...plan.clusters.filter(({ name }) => !known.has(name)).map(noEndpoints),
  ];
}

/** How what a workload sends is understood: for proxies that stand in front of workloads. */
export function captureResources(plan: OutboundPlan): EnvoyResource[] {
  return [
    ...plan.httpPorts.map(httpPortListener),
    ...plan.httpPorts.map(portRoutes),
    ...plan.tcpListeners.map(tcpServiceListener),
    ...HTTP_EXTENSION_CONFIGS,
  ];
}

/** Besides those, for a scope with workloads that nothing captures. */
export function explicitProxyResources(plan: OutboundPlan): EnvoyResource[] {
  return [httpProxyRoutes(plan.httpPorts)];
}
