import type { ItemOf } from '../model/fragment.ts';
import { fullHost } from '../model/host-name.ts';
import type { Destination, HttpRule } from '../model/routing.ts';
import type { ClusterPlan, RouteAction, RouteLimits } from '../plan.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { Delegates } from './delegates.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import { outboundCluster } from './names.ts';
import { routeLimits } from './route-limits.ts';
import type { PortSettings } from './traffic-settings.ts';
import { parseView } from './view.ts';

export interface ResolvedDestination {
  readonly host: string;
  readonly cluster: string;
  /** What policies say of it to this client. */
  readonly settings: PortSettings;
  /** Which part of the destination refers to something that is not there. */
  readonly missing?: 'host' | 'port' | 'subset';
  /**
   * In place of what is missing: a cluster of the name Istio would use, to which no endpoint belongs. The share of
   * requests that goes there gets 503, as with Istio, and every reference of the Plan has its target.
   */
  readonly placeholder?: ClusterPlan;
}

/** Where the rules of routings lead. */
export interface Destinations {
  /** The rules of a routing, with those of its delegates in the place of each delegation. */
  rulesOf(routing: ItemOf<'routing'>): readonly HttpRule[];
  /** What TrafficPolicies say of a rule, and of the service that it leads to. */
  limitsOf(
    routing: ItemOf<'routing'>,
    rule: HttpRule,
    action: RouteAction,
    clientNamespace: string,
    listenerPort: number,
  ): { readonly limits?: RouteLimits };
  /**
   * Where a destination of a routing leads for a client, for requests that came to `listenerPort`. `client` is a view, of
   * which a bare namespace is the simplest.
   */
  resolve(
    routing: ItemOf<'routing'>,
    destination: Omit<Destination, 'weight'>,
    client: string,
    listenerPort: number,
  ): ResolvedDestination;
}

export function defineDestinations(
  { services, settings, limits }: ResolveContext,
  policies: DestinationPolicies,
  delegates: Delegates,
): Destinations {
  /** The service of the first destination, and the port of it. */
  const firstService = (routing: ItemOf<'routing'>, rule: HttpRule, clientNamespace: string, listenerPort: number) => {
    const [first] = rule.action.kind === 'forward' ? rule.action.destinations : [];
    if (first === undefined) return undefined;
    const key = services.keyFor(fullHost(first.host, routing.namespace, settings.clusterDomain), clientNamespace);
    const service = key === '' ? undefined : services.of(key);
    if (service === undefined) return undefined;
    const ports = tcpPorts(service);
    return { service, port: first.port ?? (ports.length === 1 ? ports[0]?.port : undefined) ?? listenerPort };
  };

  return {
    limitsOf(routing, rule, action, clientNamespace, listenerPort) {
      const found = firstService(routing, rule, clientNamespace, listenerPort);
      const ofService =
        found === undefined ? undefined : limits.ofService(found.service.namespace, found.service.name, found.port);
      const own = limits.ofRouting(routing.namespace, routing.name, rule.name ?? '');
      return routeLimits(limits, own, ofService?.deadline, action, rule.origin);
    },
    rulesOf: ({ namespace, name }) => delegates.rulesOf(`${namespace}/${name}`),
    resolve(routing, destination, client, listenerPort) {
      const { subset } = destination;
      const host = fullHost(destination.host, routing.namespace, settings.clusterDomain);
      const key = services.keyFor(host, parseView(client).namespace);
      const service = key === '' ? undefined : services.of(key);
      const ports = tcpPorts(service);
      // Without a port: the only one of the service, else the one the request came to.
      const port = destination.port ?? (ports.length === 1 ? ports[0]?.port : undefined) ?? listenerPort;
      const cluster = outboundCluster(port, subset, host);
      const missing = (): ResolvedDestination['missing'] => {
        if (service === undefined) return 'host';
        if (!ports.some((candidate) => candidate.port === port)) return 'port';
        if (subset === undefined) return undefined;
        const policy = policies.effective(key, policies.viewOf(key, client));
        return policy?.subsets.some(({ name }) => name === subset) ? undefined : 'subset';
      };
      const what = missing();
      if (what === undefined) {
        return { host, cluster, settings: policies.settingsOf(key, port, subset ?? '', policies.viewOf(key, client)) };
      }
      const placeholder: ClusterPlan = {
        name: cluster,
        host,
        port,
        ...(subset === undefined ? {} : { subset }),
        protocol: 'http',
        tls: { mode: 'plain' },
        origin: destination.origin,
      };
      return { host, cluster, settings: {}, missing: what, placeholder };
    },
  };
}
