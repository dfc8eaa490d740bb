import type { ParentReference } from '../model/attached-route.ts';
import type { ItemOf } from '../model/fragment.ts';
import type { ServiceItem } from '../model/service.ts';
import type { Protocol } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { isEntry } from './services.ts';
import { byPrecedence, KINDS_FOR_SERVICES } from './specificity.ts';

type AttachedRoute = ItemOf<'attached-route'>;
type RouteKind = AttachedRoute['routeKind'];

/** The routes of the Gateway API that clients follow at one port of a service: of one kind, and of one namespace. */
export interface ServiceRouteSet {
  readonly kind: RouteKind;
  /** The service's own namespace speaks to everybody (`producer`); any other one to its own clients (`consumer`). */
  readonly role: 'producer' | 'consumer';
  /** The oldest first, at least one. */
  readonly routes: readonly AttachedRoute[];
}

export interface ServiceRoutes {
  /** All routes that name the service as a parent, whoever they are for. */
  readonly attachedTo: Query<[key: string], readonly AttachedRoute[]>;
  /** What clients in a namespace follow at a port; undefined when no route says anything to them. */
  readonly at: Query<[key: string, port: number, clientNamespace: string], ServiceRouteSet | undefined>;
  /** Whether clients in different namespaces may follow different ones. */
  readonly varies: Query<[key: string], boolean>;
}

/**
 * Which routes are attached to a Service (GAMMA, GEP-1294). A route in the namespace of the service is for all its
 * clients; one in another namespace only for the clients there, for whom it takes the place of the former. A parent may
 * narrow the route to one port. Where several kinds meet at one port, one of them is followed.
 */
export function defineServiceRoutes({ engine, items, services }: ResolveContext): ServiceRoutes {
  const attachedTo = engine.query('routesOfService', (key: string): readonly AttachedRoute[] => {
    const parents = services.partsOf(key).filter(hasFrontend).map(parentText);
    const all = parents.flatMap((parent) => items.list('attachedRouteByParent', parent));
    return [...new Set(all)].sort(byPrecedence);
  });

  const at = engine.query(
    'routesAtService',
    (key: string, port: number, client: string): ServiceRouteSet | undefined => {
      const parts = services.partsOf(key);
      const protocol = parts.flatMap(({ ports }) => ports).find((candidate) => candidate.port === port)?.protocol;
      if (protocol === undefined) return undefined;
      const here = attachedTo(key).filter(
        (route) => carries(protocol, route.routeKind) && parts.some((part) => namesPort(route, part, port)),
      );
      const own = here.filter((route) => parts.some(({ namespace }) => namespace === route.namespace));
      const consumers = here.filter((route) => !own.includes(route) && route.namespace === client);
      const [routes, role] = consumers.length > 0 ? ([consumers, 'consumer'] as const) : ([own, 'producer'] as const);
      const kind = KINDS_FOR_SERVICES.find((candidate) => routes.some(({ routeKind }) => routeKind === candidate));
      if (kind === undefined) return undefined;
      return { kind, role, routes: routes.filter(({ routeKind }) => routeKind === kind) };
    },
  );

  const varies = engine.query('serviceRoutesVary', (key: string): boolean => {
    const namespaces = services.partsOf(key).map(({ namespace }) => namespace);
    return attachedTo(key).some(({ namespace }) => !namespaces.includes(namespace));
  });

  return { attachedTo, at, varies };
}

/** Whether routes of a kind say anything of ports of a protocol. */
export function carries(protocol: Protocol, kind: RouteKind): boolean {
  if (kind === 'HTTPRoute' || kind === 'GRPCRoute') return protocol !== 'tcp' && protocol !== 'tls';
  if (kind === 'TLSRoute') return protocol === 'tls';
  return protocol === 'tcp' || protocol === 'auto';
}

/** A headless Service has no address by which requests for it are known (GEP-1294, "Allowed service types"). */
export function hasFrontend(service: ServiceItem): boolean {
  return isEntry(service) || service.clusterIps.length > 0;
}

/** Whether a parent is a service: one of Kubernetes, or Istio's ServiceEntry. */
export function isServiceParent({ group, kind }: ParentReference): boolean {
  return (group === '' && kind === 'Service') || (group === 'networking.istio.io' && kind === 'ServiceEntry');
}

/** ParentReference `sectionName`: of a Service, the name of a port. */
function portName({ ports }: ServiceItem, port: number): string | undefined {
  return ports.find((candidate) => candidate.port === port)?.name;
}

function kindOf(service: ServiceItem): string {
  return isEntry(service) ? 'ServiceEntry' : 'Service';
}

function parentText(service: ServiceItem): string {
  return `${kindOf(service)} ${service.namespace}/${service.name}`;
}

function namesPort({ parents }: AttachedRoute, service: ServiceItem, port: number): boolean {
  return parents.some(
    (parent) =>
      isServiceParent(parent) &&
      parent.kind === kindOf(service) &&
      parent.namespace === service.namespace &&
      parent.name === service.name &&
      (parent.port === undefined || parent.port === port) &&
      (parent.sectionName === undefined || parent.sectionName === portName(service, port)),
  );
}
