import type { ItemOf } from '../model/fragment.ts';
import { byAge, compareText } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { ClusterPlan, GatewayPlan, GatewayServerPlan, RouteLimits, SecretPlan } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { defineClassGatewayPlans } from './class-gateway-plans.ts';
import { type ClassGateways, nameOfGateway } from './class-gateways.ts';
import type { Clusters } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Destinations } from './destinations.ts';
import { allBytes, destinationsOf } from './gateway-bytes.ts';
import { type BoundHost, boundHosts, gatewayVirtualHosts, nameOf } from './gateway-hosts.ts';
import { type GatewayPort, type MergedServers, mergeServers, type PortServer } from './gateway-servers.ts';
import { tlsServer } from './gateway-tls-server.ts';
import { type MergedPlans, mergePlans } from './merged-servers.ts';
import { namedServices } from './named-services.ts';
import { withWiderLimits } from './route-limits.ts';
import { type Routes, referencesOf, routesOf } from './routes.ts';
import { formatView, parseView, type View } from './view.ts';

type Gateway = ItemOf<'gateway'>;

export interface Gateways {
  readonly planFor: Query<[view: string], GatewayPlan>;
  /** Clusters without endpoints that routes of gateways in a namespace may name, whatever the gateway's labels. */
  readonly placeholdersFor: Query<[namespace: string], readonly ClusterPlan[]>;
  /** What the Gateways that select proxies of a view make of each port. */
  readonly serversFor: Query<[view: string], MergedServers>;
  /** What these proxies cannot serve, since several Gateways want the same of them. */
  readonly lostFor: Query<[view: string], MergedPlans['lost']>;
  /** Whether any server passes connections on to the service that their server name names. */
  readonly passesToNamed: Query<[], boolean>;
}

export interface GatewayParts {
  readonly destinations: Destinations;
  readonly clusters: Clusters;
  readonly policies: DestinationPolicies;
  readonly classGateways: ClassGateways;
  readonly classPlans: ReturnType<typeof defineClassGatewayPlans>;
}

/** What gateways serve, as Istio documents Gateway and VirtualService `gateways`. */
export function defineGateways(context: ResolveContext, given: GatewayParts): Gateways {
  const { destinations } = given;
  const { engine, items, settings } = context;
  /** Every gateway resource, oldest first. */
  const all = engine.query('gatewaysByAge', (): readonly Gateway[] =>
    items
      .keys('gateway')
      .flatMap((name) => items.list('gateway', name))
      .sort(byAge),
  );

  const routesFor = engine.query(
    'gatewayRoutes',
    (routingName: string, gateway: string, port: number, view: string): Routes => {
      const routing = items.list('routing', routingName)[0];
      if (routing === undefined) return { routes: [], placeholders: [] };
      const found = routesOf(routing, { port, gateway, view: parseView(view) }, destinations, settings);
      return { ...found, routes: withWiderLimits(found.routes, limitsOf(gateway, port)) };
    },
  );

  /** What TrafficPolicies say of the server of a Gateway. */
  const limitsOf = (name: string, port: number): RouteLimits => {
    const item = items.list('gateway', name)[0];
    const portName = item?.servers.find((server) => server.port === port)?.portName ?? '';
    return item === undefined
      ? {}
      : context.limits.ofGateway('networking.istio.io', item.namespace, item.name, portName);
  };

  const serversFor = engine.query('gatewayServers', (viewText: string): MergedServers => {
    const { labels } = parseView(viewText);
    return mergeServers(all().filter(({ selector }) => selects(selector, labels)));
  });

  /** What Istio's Gateways make of these proxies. */
  const selectedPlan = engine.query('selectedGatewayPlan', (viewText: string): GatewayPlan => {
    const view: View = parseView(viewText);
    const routesAt = (port: number) => (entry: BoundHost) =>
      routesFor(nameOf(entry.routing), entry.gateway, port, viewText);
    const secrets = new Map<string, SecretPlan>();
    const servers = serversFor(viewText).ports.flatMap((port): readonly GatewayServerPlan[] => {
      if (port.layer === 'http') return httpServer(context, port, view.namespace, routesAt(port.port));
      if (port.layer === 'tcp') return tcpServer(context, port, view.namespace, destinations);
      const named = (served: PortServer) => namedServices(context, served, view, given);
      const parts = { destinations, routesFor: routesAt(port.port), namedServices: named, secrets };
      return tlsServer(context, port, view.namespace, parts);
    });
    return { servers, ...(secrets.size === 0 ? {} : { secrets: [...secrets.values()] }) };
  });

  /** Those of the Gateway API, after them: mostly the one that the proxy is run for, and nothing else. */
  const classPlansFor = (viewText: string) =>
    given.classGateways
      .all()
      .filter((gateway) => given.classGateways.isServedBy(gateway, parseView(viewText)))
      .map((gateway) => given.classPlans(nameOfGateway(gateway), viewText));
  const mergedFor = engine.query('mergedGatewayServers', (viewText: string): MergedPlans => {
    const all = [selectedPlan(viewText), ...classPlansFor(viewText)];
    return mergePlans(all.map(({ servers }) => servers));
  });
  const lostFor = engine.query('lostGatewayServers', (viewText: string) => mergedFor(viewText).lost);
  const planFor = engine.query('gatewayPlan', (viewText: string): GatewayPlan => {
    const { servers } = mergedFor(viewText);
    const secrets = [selectedPlan(viewText), ...classPlansFor(viewText)].flatMap((plan) => plan.secrets ?? []);
    return {
      servers,
      ...(secrets.length === 0 ? {} : { secrets: [...new Map(secrets.map((one) => [one.name, one])).values()] }),
    };
  });

  const placeholdersFor = engine.query('gatewayPlaceholders', (namespace: string): readonly ClusterPlan[] => {
    const found = new Map<string, ClusterPlan>();
    for (const gateway of all()) {
      for (const { port } of gateway.servers) {
        for (const routing of items.list('routingByGateway', `${gateway.namespace}/${gateway.name}`)) {
          for (const destination of destinations.rulesOf(routing).flatMap(referencesOf)) {
            const { placeholder } = destinations.resolve(routing, destination, namespace, port);
            if (placeholder !== undefined) found.set(placeholder.name, placeholder);
          }
          for (const rule of routing.byteRules ?? []) {
            const { placeholders } = destinationsOf(routing, rule, port, namespace, destinations);
            for (const placeholder of placeholders) found.set(placeholder.name, placeholder);
          }
        }
      }
    }
    return [...found.values()].sort((a, b) => compareText(a.name, b.name));
  });

  const passesToNamed = engine.query('gatewaysPassToNamed', () =>
    all().some(({ servers }) => servers.some(({ passesToNamedService }) => passesToNamedService === true)),
  );

  return { planFor, placeholdersFor, serversFor, lostFor, passesToNamed };
}

/** The view under which a gateway proxy's plan is asked for: all its labels, since selectors look at them. */
export function gatewayView(namespace: string, labels: View['labels'], variant: View['labels'] = {}): string {
  return formatView({ namespace, labels, variant });
}

function httpServer(
  context: ResolveContext,
  { port, servers }: GatewayPort,
  namespace: string,
  routesFor: (entry: BoundHost) => Routes,
): readonly GatewayServerPlan[] {
  const [first] = servers;
  if (first === undefined) return [];
  const bound = servers.flatMap((served) => boundHosts(context, served, namespace));
  const redirecting = servers.map(({ server }) => server).filter(({ redirectsToHttps }) => redirectsToHttps);
  return [
    {
      port,
      protocol: 'http',
      routeName: `http.${port}`,
      virtualHosts: gatewayVirtualHosts(bound, port, redirecting, routesFor),
      origin: first.server.origin,
    },
  ];
}

/** Nothing listens on a port whose bytes no rule takes. */
function tcpServer(
  context: ResolveContext,
  { port, servers }: GatewayPort,
  namespace: string,
  destinations: Destinations,
): readonly GatewayServerPlan[] {
  return servers.flatMap((served) => {
    const chain = allBytes(context, served, namespace, destinations);
    return chain === undefined
      ? []
      : [{ port, protocol: 'tcp' as const, chains: [chain], origin: served.server.origin }];
  });
}
