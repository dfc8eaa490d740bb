import type { ItemOf } from '../model/fragment.ts';
import type { ServiceItem } from '../model/service.ts';
import type { ClusterPlan, Protocol, VirtualHostPlan } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import { type Contenders, isRouteSet } from './contenders.ts';
import type { ResolveContext } from './context.ts';
import type { DestinationPolicies } from './destination-policies.ts';
import type { Destinations } from './destinations.ts';
import { domainsOf } from './domains.ts';
import { outboundCluster } from './names.ts';
import { plainForward } from './route-actions.ts';
import { routeLimits } from './route-limits.ts';
import { ANY_REQUEST, type Routes, routesInOrder, routesOf } from './routes.ts';
import { clientOf } from './routing-candidates.ts';
import { hostOfKey } from './service-key.ts';
import { bySpecificity } from './specificity.ts';
import { parseView } from './view.ts';

/** `fromOwnNamespace` is 1 for clients in the namespace of the service, else 0; `view` is the answer of `viewOf`. */
export type ServiceHosts = Query<
  [host: string, port: number, fromOwnNamespace: 0 | 1, view: string],
  HostRoutes | undefined
>;

export interface HostRoutes {
  readonly port: number;
  readonly virtualHost: VirtualHostPlan;
  readonly placeholders: readonly ClusterPlan[];
  /** Addresses at which these routes hold whatever host a request names. */
  readonly addresses?: readonly string[];
  /** It opens no port of its own: it is found where another service makes the port one of HTTP. */
  readonly joins?: true;
}

/** Whether a port carries HTTP: declared, or perhaps, as its first bytes show. */
export function isHttp(protocol: Protocol): boolean {
  return protocol === 'http' || protocol === 'http2' || protocol === 'grpc' || protocol === 'auto';
}

/**
 * What sidecars do with requests for a service: as the first says that has any rules for them, else a plain forward.
 * Sidecars do not merge several VirtualServices (Istio documents this); rules of routes that are attached to the service
 * are merged, and a request that none of them takes gets 404 (Gateway API, HTTPRouteRule `matches`).
 */
export function defineServiceHosts(
  { engine, services, settings, limits }: ResolveContext,
  contenders: Contenders,
  policies: DestinationPolicies,
  destinations: Destinations,
): ServiceHosts {
  return engine.query(
    'virtualHostOfPort',
    (key: string, portNumber: number, fromOwnNamespace: 0 | 1, viewText: string): HostRoutes | undefined => {
      const service = services.of(key);
      const port = service?.ports.find((candidate) => candidate.port === portNumber && candidate.transport === 'TCP');
      if (service === undefined || port === undefined) return undefined;
      const host = hostOfKey(key);
      const view = parseView(viewText);
      const name = `${host}:${portNumber}`;
      const domains = domainsOf(service, host, portNumber, fromOwnNamespace === 1, settings.clusterDomain);
      const joins = joinsPorts(service, port.protocol) ? { joins: true as const } : {};
      const scope = { port: portNumber, gateway: 'mesh', view };
      for (const contender of contenders.requests(key, portNumber, clientOf(view))) {
        if (isRouteSet(contender)) {
          const alternatives = bySpecificity(contender.routes);
          const { routes, placeholders } = routesInOrder(alternatives, scope, destinations, settings);
          const origin = contender.routes[0]?.origin ?? service.origin;
          const addresses = service.clusterIps.filter((address) => !address.includes('/'));
          return {
            ...{ port: portNumber, virtualHost: { name, domains, routes, origin }, placeholders, ...joins },
            ...(addresses.length === 0 ? {} : { addresses }),
          };
        }
        const { routes, placeholders } = routesOf(contender, scope, destinations, settings);
        if (routes.length === 0) continue;
        const { origin } = contender;
        return { port: portNumber, virtualHost: { name, domains, routes, origin }, placeholders, ...joins };
      }
      const chosen = policies.settingsOf(key, portNumber, '', policies.viewOf(key, viewText));
      const action = plainForward(outboundCluster(portNumber, undefined, key), chosen, settings);
      const { deadline } = limits.ofService(service.namespace, service.name, portNumber);
      const limited = routeLimits(limits, {}, deadline, action, port.origin);
      const route = { name: 'default', match: ANY_REQUEST, action, ...limited, origin: port.origin };
      const virtualHost = { name, domains, routes: [route], origin: port.origin };
      return { port: portNumber, virtualHost, placeholders: [], ...joins };
    },
  );
}

/** A service without declared protocol is told by its address where it has one, and so needs no port to itself. */
function joinsPorts({ host, clusterIps }: ServiceItem, protocol: Protocol): boolean {
  return protocol === 'auto' && (clusterIps.length > 0 || host === undefined);
}

type Routing = ItemOf<'routing'>;

/** The routes of the first routing that has any: one without a rule for these requests is as if it was not there. */
export function firstRoutes(
  routings: readonly Routing[],
  routesFor: (routing: Routing) => Routes,
): (Routes & Pick<VirtualHostPlan, 'origin'>) | undefined {
  for (const routing of routings) {
    const found = routesFor(routing);
    if (found.routes.length > 0) return { ...found, origin: routing.origin };
  }
  return undefined;
}
