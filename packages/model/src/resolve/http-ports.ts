import type { EgressListener } from '../model/scoping.ts';
import type { HttpPortPlan, VirtualHostPlan } from '../plan.ts';
import type { HostRoutes } from './virtual-hosts.ts';

/** The routes of each port, each name once. A port is one of HTTP when some service makes it one. */
export function httpPortsOf(all: readonly HostRoutes[]): readonly HttpPortPlan[] {
  const ports = new Map<number, HostRoutes[]>();
  for (const routes of all) ports.set(routes.port, [...(ports.get(routes.port) ?? []), routes]);
  return [...ports]
    .filter(([, routes]) => routes.some(({ joins }) => joins !== true))
    .sort(([a], [b]) => a - b)
    .map(([port, routes]) => ({ port, virtualHosts: uniqueHosts(routes), ...byAddress(routes) }));
}

/** The routes of a listener that a Sidecar describes. */
export function httpPortOf(listener: EgressListener, all: readonly HostRoutes[]): HttpPortPlan {
  const port = listener.port?.number ?? 0;
  const bind = bindOf(listener);
  // A Unix socket has no number to name its routes by.
  const routeName = bind !== undefined && 'socketPath' in bind ? { routeName: `unix://${bind.socketPath}` } : {};
  const place = bind === undefined ? byAddress(all) : { bind };
  return { port, ...routeName, ...place, virtualHosts: uniqueHosts(all) };
}

/** Where a listener is bound; undefined when it takes what is captured. Without an address: loopback (Istio). */
export function bindOf({ bind, port, captureMode }: EgressListener): HttpPortPlan['bind'] {
  if (bind?.startsWith('unix://') === true) return { socketPath: bind.slice('unix://'.length) };
  if (port === undefined || (bind === undefined && captureMode !== 'none')) return undefined;
  return { address: bind ?? '127.0.0.1', port: port.number };
}

/**
 * The services that are told by their address: those with routes of the Gateway API, whose parent is the Service and no name
 * of it (GEP-1294). Without declared protocol a service has a listener of its own. Of several services at one address the
 * first keeps it; a proxy would refuse both.
 */
function byAddress(all: readonly HostRoutes[]): Pick<HttpPortPlan, 'byAddress'> {
  const taken = new Set<string>();
  const found = all.flatMap(({ addresses = [], virtualHost, joins }) => {
    const own = joins === true ? [] : addresses.filter((address) => !taken.has(address));
    for (const address of own) taken.add(address);
    return own.length === 0 ? [] : [{ addresses: own, virtualHost }];
  });
  return found.length === 0 ? {} : { byAddress: found };
}

/** Two services with one address must not make Envoy refuse all routes of a port: the first one keeps the domain. */
function uniqueHosts(all: readonly HostRoutes[]): readonly VirtualHostPlan[] {
  const taken = new Set<string>();
  return all.flatMap(({ virtualHost }) => {
    const domains = virtualHost.domains.filter((domain) => !taken.has(domain));
    for (const domain of domains) taken.add(domain);
    if (domains.length === virtualHost.domains.length) return [virtualHost];
    return domains.length === 0 ? [] : [{ ...virtualHost, domains }];
  });
}
