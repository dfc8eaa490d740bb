import type { ByteChainPlan, SecretPlan, TerminatingChainPlan, TlsServerPlan } from '../plan.ts';
import type { ResolveContext } from './context.ts';
import type { Destinations } from './destinations.ts';
import { allBytes, passedOn } from './gateway-bytes.ts';
import { type BoundHost, boundHosts, gatewayVirtualHosts } from './gateway-hosts.ts';
import { type GatewayPort, type PortServer, serverNames } from './gateway-servers.ts';
import { gatewayTls } from './gateway-tls.ts';
import type { Routes } from './routes.ts';

export interface TlsServerParts {
  readonly destinations: Destinations;
  readonly routesFor: (entry: BoundHost) => Routes;
  /** Chains to all services that a server with AUTO_PASSTHROUGH may name. */
  readonly namedServices: (served: PortServer) => readonly ByteChainPlan[];
  /** Collects what the gateway needs to end TLS, each secret once. */
  readonly secrets: Map<string, SecretPlan>;
}

/**
 * A port on which the server name of the TLS handshake (RFC 6066, 3) says what is meant: TLS that ends here, or that is
 * passed on. A server without usable certificates is left out, and the others of its port work. Nothing listens on a
 * port with nothing behind it.
 */
export function tlsServer(
  context: ResolveContext,
  { port, servers }: GatewayPort,
  namespace: string,
  parts: TlsServerParts,
): readonly TlsServerPlan[] {
  const [first] = servers;
  const taken = new Set<string>();
  const routeNames = new Set<string>();
  // Envoy refuses a listener with two chains for one server name: the older rule keeps it.
  const unique = (chain: ByteChainPlan): readonly ByteChainPlan[] => {
    const cidrs = (chain.destinationCidrs ?? []).join(' ');
    const free = namesOf(chain).filter((name) => !taken.has(`${name} ${cidrs}`));
    for (const name of free) taken.add(`${name} ${cidrs}`);
    return free.length === 0 ? [] : [{ ...chain, serverNames: free.includes('*') ? [] : free }];
  };
  const terminating = servers.flatMap((served): readonly TerminatingChainPlan[] => {
    const chain = terminatingChain(context, served, namespace, parts, routeNames);
    if (chain === undefined) return [];
    for (const name of namesOf(chain)) taken.add(`${name} `);
    return [chain];
  });
  const passthrough = servers.flatMap((served) => {
    if (served.server.tls !== undefined) return [];
    if (served.server.passesToNamedService) return parts.namedServices(served).flatMap(unique);
    return passedOn(context, served, namespace, parts.destinations).flatMap(unique);
  });
  if (first === undefined || terminating.length + passthrough.length === 0) return [];
  return [{ port, protocol: 'tls', terminating, passthrough, origin: first.server.origin }];
}

/** `*`: whatever the name is, and also none. Other patterns than `*.example.com` nobody can match. */
function namesOf({ serverNames = [] }: { readonly serverNames?: readonly string[] }): readonly string[] {
  if (serverNames.length === 0 || serverNames.includes('*')) return ['*'];
  return serverNames.map((name) => name.toLowerCase()).filter((name) => /^(\*\.)?[^*]+$/.test(name));
}

function terminatingChain(
  context: ResolveContext,
  served: PortServer,
  namespace: string,
  { destinations, routesFor, secrets }: TlsServerParts,
  routeNames: Set<string>,
): TerminatingChainPlan | undefined {
  const { gateway, server } = served;
  if (server.tls === undefined) return undefined;
  const found = gatewayTls(context, server.tls, namespace);
  if ('problem' in found) return undefined;
  const { origin } = server;
  const names = namesOf({ serverNames: serverNames(server) });
  if (names.length === 0) return undefined;
  const common = { serverNames: names.includes('*') ? [] : names, tls: found.tls, origin };
  const bytes = server.protocol === 'tls' ? allBytes(context, served, namespace, destinations) : undefined;
  if (server.protocol === 'tls' && bytes === undefined) return undefined;
  for (const secret of found.secrets) secrets.set(secret.name, secret);
  if (bytes !== undefined) return { ...common, bytes };
  // Istio's name; where two servers of a Gateway have one port name, theirs are told apart by a number.
  const name = `https.${server.port}.${server.portName ?? ''}.${gateway.name}.${gateway.namespace}`;
  const routeName = routeNames.has(name) ? `${name}.${routeNames.size}` : name;
  routeNames.add(routeName);
  const virtualHosts = gatewayVirtualHosts(boundHosts(context, served, namespace), server.port, [], routesFor);
  return { ...common, http: { routeName, virtualHosts } };
}
