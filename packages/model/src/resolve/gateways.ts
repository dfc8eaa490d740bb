import type { ItemOf } from '../model/fragment.ts';
import type { GatewayServer } from '../model/gateway.ts';
import { covers, fullHost, isPattern } from '../model/host-name.ts';
import { byAge, compareText, isVisible } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { ClusterPlan, GatewayPlan, GatewayServerPlan, RoutePlan, VirtualHostPlan } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { Destinations } from './destinations.ts';
import { isCatchAll, type Routes, routesOf } from './routes.ts';
import { formatView, parseView, type View } from './view.ts';

type Gateway = ItemOf<'gateway'>;
type Routing = ItemOf<'routing'>;

export interface Gateways {
  readonly planFor: Query<[view: string], GatewayPlan>;
  /** Clusters without endpoints that routes of gateways in a namespace may name, whatever the gateway's labels. */
  readonly placeholdersFor: Query<[namespace: string], readonly ClusterPlan[]>;
}

interface BoundHost {
  readonly host: string;
  readonly routing: Routing;
  readonly gateway: string;
}

/** What gateways serve, as Istio documents Gateway and VirtualService `gateways`. */
export function defineGateways({ engine, items, settings }: ResolveContext, destinations: Destinations): Gateways {
  /** Every gateway resource, oldest first. */
  const all = engine.query('gatewaysByAge', (): readonly Gateway[] =>
    items
      .keys('gateway')
      .flatMap((name) => items.list('gateway', name))
      .sort(byAge),
  );

  /** The hosts that the routings bound to a server serve there: the narrower of what both of them name. */
  const boundHosts = (gateway: Gateway, server: GatewayServer, clientNamespace: string): readonly BoundHost[] => {
    const name = `${gateway.namespace}/${gateway.name}`;
    return items.list('routingByGateway', name).flatMap((routing) => {
      if (!isVisible(routing.exportTo, routing.namespace, clientNamespace)) return [];
      const written = routing.hosts.map((host) => fullHost(host, routing.namespace, settings.clusterDomain));
      const served = server.hosts.flatMap((entry) => {
        const host = hostFor(entry, gateway.namespace, routing.namespace);
        return host === undefined ? [] : written.flatMap((candidate) => narrower(host, candidate));
      });
      return [...new Set(served)].map((host) => ({ host, routing, gateway: name }));
    });
  };

  const routesFor = engine.query(
    'gatewayRoutes',
    (routingName: string, gateway: string, port: number, view: string): Routes => {
      const routing = items.list('routing', routingName)[0];
      if (routing === undefined) return { routes: [], placeholders: [] };
      return routesOf(routing, { port, gateway, view: parseView(view) }, destinations, settings);
    },
  );

  const planFor = engine.query('gatewayPlan', (viewText: string): GatewayPlan => {
    const view: View = parseView(viewText);
    const ports = new Map<number, { readonly origin: Origin; readonly bound: BoundHost[] }>();
    for (const gateway of all()) {
      if (!selects(gateway.selector, view.labels)) continue;
      for (const server of gateway.servers) {
        const at = ports.get(server.port) ?? { origin: server.origin, bound: [] };
        ports.set(server.port, at);
        at.bound.push(...boundHosts(gateway, server, view.namespace));
      }
    }
    const servers = [...ports].sort(([a], [b]) => a - b);
    return {
      servers: servers.map(
        ([port, { origin, bound }]): GatewayServerPlan => ({
          port,
          protocol: 'http',
          routeName: `http.${port}`,
          virtualHosts: virtualHostsOf(bound, port, (entry) =>
            routesFor(nameOf(entry.routing), entry.gateway, port, viewText),
          ),
          origin,
        }),
      ),
    };
  });

  const placeholdersFor = engine.query('gatewayPlaceholders', (namespace: string): readonly ClusterPlan[] => {
    const found = new Map<string, ClusterPlan>();
    for (const gateway of all()) {
      for (const { port } of gateway.servers) {
        for (const routing of items.list('routingByGateway', `${gateway.namespace}/${gateway.name}`)) {
          for (const rule of routing.rules) {
            for (const destination of rule.action.kind === 'forward' ? rule.action.destinations : []) {
              const { placeholder } = destinations.resolve(routing, destination, namespace, port);
              if (placeholder !== undefined) found.set(placeholder.name, placeholder);
            }
          }
        }
      }
    }
    return [...found.values()].sort((a, b) => compareText(a.name, b.name));
  });

  return { planFor, placeholdersFor };
}

/** The view under which a gateway proxy's plan is asked for: all its labels, since selectors look at them. */
export function gatewayView(namespace: string, labels: Readonly<Record<string, string>>): string {
  return formatView({ namespace, labels });
}

/**
 * Routings for one host are merged, oldest first; routes that take every request come last, so that the order of the
 * resources cannot hide a more specific rule (Istio, "Split large virtual services").
 */
function virtualHostsOf(
  bound: readonly BoundHost[],
  port: number,
  routesFor: (entry: BoundHost) => Routes,
): readonly VirtualHostPlan[] {
  const hosts = new Map<string, BoundHost[]>();
  for (const entry of bound) hosts.set(entry.host, [...(hosts.get(entry.host) ?? []), entry]);
  const result: VirtualHostPlan[] = [];
  for (const [host, entries] of [...hosts].sort(([a], [b]) => compareText(a, b))) {
    const unique = new Map(entries.map((entry) => [nameOf(entry.routing), entry]));
    const ordered = [...unique.values()].sort((a, b) => byAge(a.routing, b.routing));
    const routes: readonly RoutePlan[] = ordered.flatMap((entry) => routesFor(entry).routes);
    const [first] = ordered;
    if (first === undefined || routes.length === 0) continue;
    result.push({
      name: `${host}:${port}`,
      domains: domainsOf(host, port),
      routes: ordered.length === 1 ? routes : [...routes.filter((r) => !isCatchAll(r)), ...routes.filter(isCatchAll)],
      origin: first.routing.origin,
    });
  }
  return result;
}

/** With any port, since a gateway is often reached by another port than it listens on. */
function domainsOf(host: string, port: number): readonly string[] {
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

function nameOf(item: Routing): string {
  return `${item.namespace}/${item.name}`;
}
