import type { GatewayServerPlan, RoutePlan, SecretPlan, TerminatingChainPlan, VirtualHostPlan } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { AttachedHere, Attachments } from './attachments.ts';
import { type ByteScope, bytesOf, chainsByName } from './class-bytes.ts';
import { type ClassGateways, GATEWAY_API } from './class-gateways.ts';
import { hostIndex, hostsOf, misdirected, routesFor, rulesFor, virtualHostFor } from './class-hosts.ts';
import { type ClassListener, type ClassListeners, isServed } from './class-listeners.ts';
import type { ResolveContext } from './context.ts';
import type { Destinations } from './destinations.ts';
import { withWiderLimits } from './route-limits.ts';
import { routesInOrder } from './routes.ts';
import { parseView } from './view.ts';

export interface ClassGatewayPlan {
  readonly servers: readonly GatewayServerPlan[];
  readonly secrets: readonly SecretPlan[];
}

export interface ClassGatewayParts {
  readonly gateways: ClassGateways;
  readonly listeners: ClassListeners;
  readonly attachments: Attachments;
  readonly destinations: Destinations;
}

/** What a Gateway of the Gateway API (`namespace/name`) serves at proxies of a view: its listeners with the routes attached. */
export function defineClassGatewayPlans(
  context: ResolveContext,
  parts: ClassGatewayParts,
): Query<[gateway: string, view: string], ClassGatewayPlan> {
  const { engine, settings, limits } = context;
  const { gateways, listeners, attachments, destinations } = parts;

  const index = engine.query('hostIndex', (gateway: string, listener: string) =>
    hostIndex(attachments.atListener(gateway, listener)),
  );
  /** On its own, so that a route for other hosts makes nothing of this one again. */
  const answering = engine.query('routesForHost', (gateway: string, listener: string, host: string) =>
    routesFor(host, index(gateway, listener)),
  );

  const routes = engine.query(
    'classGatewayRoutes',
    (gateway: string, listenerName: string, host: string, viewText: string): readonly RoutePlan[] => {
      const listener = listeners(gateway).find(({ name }) => name === listenerName);
      const item = gateways.of(gateway);
      if (listener === undefined || item === undefined) return [];
      const { port, protocol } = listener.server;
      const scope = { port, gateway, view: parseView(viewText), isTls: protocol === 'https' };
      const rules = rulesFor(host, answering(gateway, listenerName, host));
      const found = routesInOrder(rules, scope, destinations, settings).routes;
      return withWiderLimits(found, limits.ofGateway(GATEWAY_API, item.namespace, item.name, listenerName));
    },
  );

  return engine.query('classGatewayPlan', (gateway: string, view: string): ClassGatewayPlan => {
    const served = listeners(gateway).filter(isServed);
    const here = (listener: ClassListener) => attachments.atListener(gateway, listener.name);
    const virtualHosts = (listener: ClassListener, ofPort: readonly ClassListener[]): readonly VirtualHostPlan[] =>
      hostsOf(listener, here(listener), ofPort).map((host) =>
        virtualHostFor(host, routes(gateway, listener.name, host, view), listener),
      );
    const around: Around = { gateway, view, here, virtualHosts, destinations };
    const byPort = [...Map.groupBy(served, ({ server }) => server.port)].sort(([a], [b]) => a - b);
    return {
      servers: byPort.flatMap(([port, ofPort]) => serverOf(port, ofPort, around)),
      secrets: [...new Map(served.flatMap(({ secrets }) => secrets).map((one) => [one.name, one])).values()],
    };
  });
}

interface Around {
  readonly gateway: string;
  readonly view: string;
  readonly here: (listener: ClassListener) => readonly AttachedHere[];
  readonly virtualHosts: (listener: ClassListener, ofPort: readonly ClassListener[]) => readonly VirtualHostPlan[];
  readonly destinations: Destinations;
}

/** Listeners of one port are of one layer: others are in conflict and not served. */
function serverOf(port: number, ofPort: readonly ClassListener[], around: Around): readonly GatewayServerPlan[] {
  const [first] = ofPort;
  if (first === undefined) return [];
  const { origin, protocol } = first.server;
  const scope: ByteScope = { view: around.view, gateway: around.gateway, port };
  if (protocol === 'http') {
    const virtualHosts = ofPort.flatMap((listener) => around.virtualHosts(listener, ofPort));
    return [{ port, protocol: 'http', routeName: `http.${port}`, virtualHosts, origin }];
  }
  if (protocol === 'tcp') {
    const [oldest] = around.here(first);
    if (oldest === undefined) return [];
    return [{ port, protocol: 'tcp', chains: [bytesOf(oldest.route, scope, around.destinations)], origin }];
  }
  const terminating = ofPort.flatMap((listener) => terminatingChains(listener, ofPort, scope, around));
  const passthrough = ofPort.flatMap((listener) =>
    listener.tls === undefined ? chainsByName(listener, around.here(listener), ofPort, scope, around.destinations) : [],
  );
  if (terminating.length + passthrough.length === 0) return [];
  return [{ port, protocol: 'tls', terminating, passthrough, origin }];
}

function terminatingChains(
  listener: ClassListener,
  ofPort: readonly ClassListener[],
  scope: ByteScope,
  { gateway, here, virtualHosts, destinations }: Around,
): readonly TerminatingChainPlan[] {
  const { server, tls, hostname, name } = listener;
  if (tls === undefined) return [];
  const serverNames = hostname === '*' ? [] : [hostname];
  const { origin } = server;
  if (server.protocol === 'https') {
    const own = virtualHosts(listener, ofPort);
    const taken = new Set(own.map((host) => host.name.slice(0, host.name.lastIndexOf(':'))));
    const [namespace = '', gatewayName = ''] = gateway.split('/');
    // Istio's name of routes behind TLS.
    const routeName = `https.${server.port}.${name}.${gatewayName}.${namespace}`;
    return [
      {
        serverNames,
        tls,
        http: { routeName, virtualHosts: [...own, ...misdirected(listener, ofPort, taken)] },
        origin,
      },
    ];
  }
  const routes = here(listener);
  // A TCPRoute takes every name of the listener, a TLSRoute those that it has.
  const byName = chainsByName(listener, routes, ofPort, scope, destinations);
  return byName.map((bytes) => ({ serverNames: bytes.serverNames ?? [], tls, bytes, origin: bytes.origin }));
}
