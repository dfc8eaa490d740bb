import type {
  ClusterPlan,
  DnsRecord,
  EndpointsPlan,
  HttpPortPlan,
  OutboundPlan,
  TcpListenerPlan,
  VirtualHostPlan,
} from '../plan.ts';
import type { Query } from '../query/engine.ts';
import { type Clusters, tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Endpoints } from './endpoints.ts';
import type { Gateways } from './gateways.ts';
import { outboundCluster } from './names.ts';
import { parseScope } from './scope.ts';
import { formatView, parseView } from './view.ts';
import type { HostRoutes, VirtualHosts } from './virtual-hosts.ts';

/** What of a client makes a difference for one service. */
interface HostView {
  readonly host: string;
  readonly fromOwnNamespace: 0 | 1;
  readonly policy: string;
  readonly routing: string;
}

export interface OutboundParts {
  readonly endpoints: Endpoints;
  readonly policies: DestinationPolicies;
  readonly clusters: Clusters;
  readonly virtualHosts: VirtualHosts;
  readonly gateways: Gateways;
}

/**
 * What proxies of a scope may call: the parts of all services, put together so that names, domains and addresses are unique.
 *
 * Each list of the plan is a query of its own, and so is each service's part of it. A change of endpoints therefore
 * puts together the list of endpoints again and nothing else, and services that look the same from several namespaces
 * are the same objects in the plans of all of them.
 */
export function defineOutbound(
  { engine, items }: ResolveContext,
  parts: OutboundParts,
): Query<[scope: string], OutboundPlan> {
  const { policies, clusters, virtualHosts, gateways, endpoints } = parts;
  const hosts = () => items.keys('serviceByHost');

  const dnsOf = engine.query('dnsOfHost', (host: string): readonly DnsRecord[] => {
    const addresses = items.list('serviceByHost', host)[0]?.clusterIps ?? [];
    if (addresses.length > 0) return [{ name: host, addresses }];
    return endpoints
      .namesOf(host)
      .map((record) => ({ name: record.name === '' ? host : `${record.name}.${host}`, addresses: record.addresses }));
  });
  const dns = engine.query('dns', () => hosts().flatMap((host) => dnsOf(host)));

  const tcpListenersOf = engine.query('tcpListenersOfHost', (host: string, protocol: 'tcp' | 'any') => {
    const service = items.list('serviceByHost', host)[0];
    return tcpPorts(service)
      .filter((port) => protocol === 'any' || port.protocol === 'tcp')
      .flatMap(({ port, origin }) =>
        (service?.clusterIps ?? []).map((address): TcpListenerPlan => {
          const destinations = [{ cluster: outboundCluster(port, undefined, host), weight: 100 }];
          return { address, port, destinations, origin };
        }),
      );
  });
  const tcpListeners = engine.query('tcpListeners', (protocol: 'tcp' | 'any') =>
    uniqueListeners(hosts().flatMap((host) => tcpListenersOf(host, protocol))),
  );

  /** Most services look the same to everyone; only for the others is the client looked at. */
  const variesOf = engine.query('hostVaries', (host: string) => ({
    namespace: items.list('serviceByHost', host)[0]?.namespace ?? '',
    policy: policies.varies(host),
    routing: virtualHosts.varies(host),
  }));
  const hostViews = engine.query('hostViews', (viewText: string): readonly HostView[] => {
    const { namespace } = parseView(viewText);
    return hosts().map((host) => {
      const varies = variesOf(host);
      return {
        host,
        fromOwnNamespace: varies.namespace === namespace ? 1 : 0,
        policy: varies.policy ? policies.viewOf(host, namespace) : '',
        routing: varies.routing ? virtualHosts.viewOf(host, viewText) : '',
      };
    });
  });

  const httpOf = engine.query(
    'httpOfHost',
    (host: string, fromOwnNamespace: 0 | 1, view: string): readonly HostRoutes[] =>
      tcpPorts(items.list('serviceByHost', host)[0])
        .filter(({ protocol }) => protocol !== 'tcp')
        .flatMap(({ port }) => virtualHosts.ofPort(host, port, fromOwnNamespace, view) ?? []),
  );
  const http = engine.query('http', (view: string): readonly HostRoutes[] =>
    hostViews(view).flatMap(({ host, fromOwnNamespace, routing }) => httpOf(host, fromOwnNamespace, routing)),
  );
  const httpPorts = engine.query('httpPorts', (view: string) => httpPortsOf(http(view)));

  /** Clusters without endpoints that routes of this role and view name, each name once. */
  const placeholders = engine.query(
    'placeholders',
    (role: 'sidecar' | 'gateway', view: string): readonly ClusterPlan[] => {
      const all =
        role === 'gateway' ? gateways.placeholdersFor(view) : http(view).flatMap((routes) => routes.placeholders);
      return [...new Map(all.map((cluster) => [cluster.name, cluster])).values()];
    },
  );
  const allClusters = engine.query('clusters', (role: 'sidecar' | 'gateway', view: string): readonly ClusterPlan[] => [
    ...hostViews(view).flatMap(({ host, policy }) => clusters.ofHost(host, policy)),
    ...placeholders(role, view),
  ]);
  const allEndpoints = engine.query(
    'endpoints',
    (role: 'sidecar' | 'gateway', view: string): readonly EndpointsPlan[] => [
      ...hostViews(view).flatMap(({ host, policy }) => clusters.endpointsOfHost(host, policy)),
      ...placeholders(role, view).map(({ name }) => ({ cluster: name, endpoints: [] })),
    ],
  );

  const ofNode = (scope: string): OutboundPlan => ({
    scope,
    httpPorts: [],
    tcpListeners: tcpListeners('any'),
    clusters: hosts().flatMap((host) => clusters.plainOfHost(host)),
    endpoints: hosts().flatMap((host) => clusters.plainEndpointsOfHost(host)),
    dns: dns(),
  });

  return engine.query('outbound', (scopeName: string): OutboundPlan => {
    const scope = parseScope(scopeName);
    if (scope.role === 'node') return ofNode(scopeName);
    const isGateway = scope.role === 'gateway';
    const view = formatView(scope.view);
    return {
      scope: scopeName,
      httpPorts: isGateway ? [] : httpPorts(view),
      tcpListeners: isGateway ? [] : tcpListeners('tcp'),
      clusters: allClusters(scope.role, view),
      endpoints: allEndpoints(scope.role, view),
      dns: isGateway ? [] : dns(),
    };
  });
}

function httpPortsOf(all: readonly HostRoutes[]): readonly HttpPortPlan[] {
  const ports = new Map<number, { readonly domains: Set<string>; readonly virtualHosts: VirtualHostPlan[] }>();
  for (const { port, virtualHost } of all) {
    const at = ports.get(port) ?? { domains: new Set(), virtualHosts: [] };
    ports.set(port, at);
    // Two services with one address must not make Envoy refuse all routes of the port: the first one keeps the domain.
    const domains = virtualHost.domains.filter((domain) => !at.domains.has(domain));
    for (const domain of domains) at.domains.add(domain);
    if (domains.length === virtualHost.domains.length) at.virtualHosts.push(virtualHost);
    else if (domains.length > 0) at.virtualHosts.push({ ...virtualHost, domains });
  }
  return [...ports].sort(([a], [b]) => a - b).map(([port, { virtualHosts }]) => ({ port, virtualHosts }));
}

function uniqueListeners(all: readonly TcpListenerPlan[]): readonly TcpListenerPlan[] {
  const listeners = new Map<string, TcpListenerPlan>();
  for (const listener of all) {
    const socket = `${listener.address}_${listener.port}`;
    if (!listeners.has(socket)) listeners.set(socket, listener);
  }
  return [...listeners.values()];
}
