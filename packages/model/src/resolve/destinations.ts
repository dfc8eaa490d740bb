import { fullHost } from '../model/host-name.ts';
import type { Destination, HttpRule } from '../model/routing.ts';
import type { ClusterPlan, RouteAction, RouteLimits } from '../plan.ts';
import { type BackendResolution, resolveBackend } from './backends.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { Delegates } from './delegates.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import { routingKey } from './item-database.ts';
import { withMatchGroups } from './match-groups.ts';
import { outboundCluster } from './names.ts';
import { routeLimits } from './route-limits.ts';
import type { RuleOwner } from './specificity.ts';
import { isSplit } from './split-backends.ts';
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
  /** A backend that may not be referred to, or is not there: its share is answered with this status, and has no cluster. */
  readonly refusesWith?: 500 | 503;
}

/** Where the rules of routings lead. */
export interface Destinations {
  /** Rules as they are followed: with those of delegates in the place of each delegation, and the conditions of groups. */
  rulesOf(owner: RuleOwner): readonly HttpRule[];
  /** What TrafficPolicies say of a rule, and of the service that it leads to. */
  limitsOf(
    owner: RuleOwner,
    rule: HttpRule,
    action: RouteAction,
    clientNamespace: string,
    listenerPort: number,
  ): { readonly limits?: RouteLimits };
  /**
   * Where a destination of a rule leads for a client, for requests that came to `listenerPort`. `client` is a view, of
   * which a bare namespace is the simplest; `gateway` is the entrance, as in a `RouteScope`.
   */
  resolve(
    owner: RuleOwner,
    destination: Omit<Destination, 'weight'>,
    client: string,
    listenerPort: number,
    gateway?: string,
  ): ResolvedDestination;
  /** What a destination stands for, whoever asks: its full host, or why it is refused. */
  backendOf(owner: RuleOwner, destination: Omit<Destination, 'weight'>, gateway?: string): BackendResolution;
}

export function defineDestinations(
  context: ResolveContext,
  policies: DestinationPolicies,
  delegates: Delegates,
): Destinations {
  const { engine, items, services, settings, limits } = context;

  const backendOf: Destinations['backendOf'] = (owner, { backend, host, port }, gateway = 'mesh') => {
    if (backend === undefined) return { host: fullHost(host, owner.namespace, settings.clusterDomain) };
    const { group, kind } = owner.origin.resource;
    const from = { group, kind, namespace: owner.namespace };
    return resolveBackend(context, backend, from, { port, needsGrant: gateway !== 'mesh' });
  };

  /** The service of the first destination, and the port of it. */
  const firstService = (owner: RuleOwner, rule: HttpRule, clientNamespace: string, listenerPort: number) => {
    const [first] = rule.action.kind === 'forward' ? rule.action.destinations : [];
    if (first === undefined) return undefined;
    const key = services.keyFor(backendOf(owner, first).host, clientNamespace);
    const service = key === '' ? undefined : services.of(key);
    if (service === undefined) return undefined;
    const ports = tcpPorts(service);
    return { service, port: first.port ?? (ports.length === 1 ? ports[0]?.port : undefined) ?? listenerPort };
  };

  const rulesOfRouting = engine.query('followedRules', (name: string): readonly HttpRule[] =>
    items
      .list('routing', name)
      .slice(0, 1)
      .flatMap((routing) => withMatchGroups(items, routing, delegates.rulesOf(name))),
  );

  return {
    backendOf,
    limitsOf(owner, rule, action, clientNamespace, listenerPort) {
      const found = firstService(owner, rule, clientNamespace, listenerPort);
      const ofService =
        found === undefined ? undefined : limits.ofService(found.service.namespace, found.service.name, found.port);
      const own = limits.ofRouting(owner.origin.resource.kind, owner.namespace, owner.name, rule.name ?? '');
      return routeLimits(limits, own, ofService?.deadline, action, rule.origin);
    },
    rulesOf: (owner) => (owner.kind === 'attached-route' ? owner.rules : rulesOfRouting(routingKey(owner))),
    resolve(owner, destination, client, listenerPort, gateway) {
      const { subset, backend } = destination;
      const to = backendOf(owner, destination, gateway);
      const { host } = to;
      const key = services.keyFor(host, parseView(client).namespace);
      const service = key === '' ? undefined : services.of(key);
      const ports = tcpPorts(service);
      // Without a port: the only one of the service, else the one the request came to.
      const only = ports.length === 1 && !isSplit(owner) ? ports[0]?.port : undefined;
      const port = destination.port ?? only ?? listenerPort;
      const cluster = outboundCluster(port, subset, host);
      const missing = (): ResolvedDestination['missing'] => {
        if (destination.refusesWith !== undefined || 'refused' in to || service === undefined) return 'host';
        if (!ports.some((candidate) => candidate.port === port)) return 'port';
        if (subset === undefined) return undefined;
        const policy = policies.effective(key, policies.viewOf(key, client));
        return policy?.subsets.some(({ name }) => name === subset) ? undefined : 'subset';
      };
      const what = missing();
      if (what === undefined) {
        return { host, cluster, settings: policies.settingsOf(key, port, subset ?? '', policies.viewOf(key, client)) };
      }
      // What is refused may well be there, and must not be reached by its name.
      if (backend !== undefined || destination.refusesWith !== undefined) {
        const name = `refused|${port}||${host}`;
        const refusesWith = destination.refusesWith ?? refusalStatus(owner);
        return { host, cluster: name, settings: {}, missing: what, refusesWith };
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

/** What a client of a route sees of a backend that is none: 500, in gRPC UNAVAILABLE, which 503 stands for (Gateway API, `backendRefs`). */
export function refusalStatus(owner: RuleOwner): 500 | 503 {
  return owner.kind === 'attached-route' && owner.routeKind === 'GRPCRoute' ? 503 : 500;
}
