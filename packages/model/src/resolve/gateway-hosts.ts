import type { ItemOf } from '../model/fragment.ts';
import type { GatewayServer } from '../model/gateway.ts';
import { covers, fullHost, isPattern } from '../model/host-name.ts';
import { byAge, compareText, isVisible } from '../model/item.ts';
import type { RoutePlan, VirtualHostPlan } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ResolveContext } from './context.ts';
import { type PortServer, serverNames } from './gateway-servers.ts';
import { isCatchAll, type Routes } from './routes.ts';

type Routing = ItemOf<'routing'>;

/** A host that a routing serves at a server of a gateway. */
export interface BoundHost {
  readonly host: string;
  readonly routing: Routing;
  /** `namespace/name`. */
  readonly gateway: string;
  readonly redirectsToHttps: boolean;
}

/** The hosts that the routings bound to a server serve there: the narrower of what both of them name. */
export function boundHosts(
  { items, settings }: ResolveContext,
  { gateway, server }: PortServer,
  clientNamespace: string,
): readonly BoundHost[] {
  const name = `${gateway.namespace}/${gateway.name}`;
  return items.list('routingByGateway', name).flatMap((routing) => {
    if (!isVisible(routing.exportTo, routing.namespace, clientNamespace)) return [];
    const written = routing.hosts.map((host) => fullHost(host, routing.namespace, settings.clusterDomain));
    const served = server.hosts.flatMap((entry) => {
      const host = hostFor(entry, gateway.namespace, routing.namespace);
      return host === undefined ? [] : written.flatMap((candidate) => narrower(host, candidate));
    });
    const redirectsToHttps = server.redirectsToHttps ?? false;
    return [...new Set(served)].map((host) => ({ host, routing, gateway: name, redirectsToHttps }));
  });
}

/** The routings that are bound to a server, oldest first. */
export function boundRoutings(
  context: ResolveContext,
  served: PortServer,
  clientNamespace: string,
): readonly Routing[] {
  return [...new Set(boundHosts(context, served, clientNamespace).map(({ routing }) => routing))].sort(byAge);
}

/**
 * The virtual hosts of a port. A server that redirects to HTTPS has one for each of its hosts, even without routings.
 *
 * Routings for one host are merged, oldest first; routes that take every request come last, so that the order of the
 * resources cannot hide a more specific rule (Istio, "Split large virtual services").
 */
export function gatewayVirtualHosts(
  bound: readonly BoundHost[],
  port: number,
  redirecting: readonly GatewayServer[],
  routesFor: (entry: BoundHost) => Routes,
): readonly VirtualHostPlan[] {
  const hosts = new Map<string, BoundHost[]>();
  for (const entry of bound) hosts.set(entry.host, [...(hosts.get(entry.host) ?? []), entry]);
  const redirected = new Map<string, Origin>();
  for (const server of redirecting) for (const name of serverNames(server)) redirected.set(name, server.origin);
  for (const host of redirected.keys()) if (!hosts.has(host)) hosts.set(host, []);

  return [...hosts]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([host, entries]): readonly VirtualHostPlan[] => {
      const unique = new Map(entries.map((entry) => [nameOf(entry.routing), entry]));
      const ordered = [...unique.values()].sort((a, b) => byAge(a.routing, b.routing));
      const routes: readonly RoutePlan[] = ordered.flatMap((entry) => routesFor(entry).routes);
      const requireTls = redirected.has(host) || entries.some(({ redirectsToHttps }) => redirectsToHttps);
      const origin = ordered[0]?.routing.origin ?? redirected.get(host);
      if (origin === undefined || (routes.length === 0 && !requireTls)) return [];
      return [
        {
          name: `${host}:${port}`,
          domains: domainsOf(host, port),
          routes:
            ordered.length === 1 ? routes : [...routes.filter((r) => !isCatchAll(r)), ...routes.filter(isCatchAll)],
          ...(requireTls ? { requireTls } : {}),
          origin,
        },
      ];
    });
}

/** With any port, since a gateway is often reached by another port than it listens on. */
export function domainsOf(host: string, port: number): readonly string[] {
  if (host === '*') return [host];
  return isPattern(host) ? [host, `${host}:${port}`] : [host, `${host}:*`];
}

/** The host part of a server's `namespace/host`, if routings of that namespace may be bound to it. */
function hostFor(entry: string, gatewayNamespace: string, routingNamespace: string): string | undefined {
  const [namespace, host] = entry.includes('/') ? entry.split('/', 2) : ['*', entry];
  const wanted = namespace === '.' ? gatewayNamespace : namespace;
  return wanted === '*' || wanted === routingNamespace ? (host ?? '').toLowerCase() : undefined;
}

function narrower(a: string, b: string): readonly string[] {
  if (covers(a, b)) return [b];
  return covers(b, a) ? [a] : [];
}

export function nameOf(item: Routing): string {
  return `${item.namespace}/${item.name}`;
}
