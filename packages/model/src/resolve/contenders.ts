import type { ItemOf } from '../model/fragment.ts';
import { fullHost } from '../model/host-name.ts';
import { isRestricted } from '../model/item.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { exportToOf } from './export-to.ts';
import type { RoutingCandidates } from './routing-candidates.ts';
import { hostOfKey } from './service-key.ts';
import type { ServiceRouteSet, ServiceRoutes } from './service-routes.ts';
import type { RuleOwner } from './specificity.ts';
import { parseView } from './view.ts';

type Routing = ItemOf<'routing'>;

/** What wants to say where requests for a host go. */
export type Contender = Routing | ServiceRouteSet;

export function isRouteSet(contender: Contender): contender is ServiceRouteSet {
  return 'routes' in contender;
}

export interface Contenders {
  /** For requests. */
  readonly requests: Query<[key: string, port: number, client: string], readonly Contender[]>;
  /** For connections: here the rules of several VirtualServices are tried one after the other, as in Istio. */
  readonly bytes: Query<[key: string, port: number, client: string], readonly RuleOwner[]>;
}

/**
 * Who speaks of a port of a service to clients of a namespace, and in which order: the first that says anything decides
 * alone. Nothing of the others is mixed in. ADR 0024 has the table with its reasons; where Istio knows both kinds it is
 * Istio's order:
 *
 * 1. VirtualServices that not everybody may see;
 * 2. routes of the Gateway API in the client's own namespace;
 * 3. all other VirtualServices for the host, and routes in the namespace of the service: the oldest first;
 * 4. VirtualServices for a pattern;
 * 5. TrafficSplits.
 */
export function defineContenders(
  { engine, items, settings }: ResolveContext,
  { candidates, byteCandidates, isImported }: Pick<RoutingCandidates, 'candidates' | 'byteCandidates' | 'isImported'>,
  serviceRoutes: ServiceRoutes,
): Contenders {
  /** The set that a client follows, if it is one of the layer. */
  const setAt = (key: string, port: number, client: string, layer: 'http' | 'bytes') => {
    const { namespace } = parseView(client);
    const set = serviceRoutes.at(key, port, namespace);
    const [oldest] = set?.routes ?? [];
    if (set === undefined || oldest === undefined || isHttpKind(set) !== (layer === 'http')) return undefined;
    const host = hostOfKey(key);
    return isImported(oldest.namespace, [host], client) ? { set, oldest, host, namespace } : undefined;
  };
  const names = (routing: Routing, host: string): boolean =>
    routing.hosts.some((written) => fullHost(written, routing.namespace, settings.clusterDomain) === host);
  const inOrder = <T>(routings: readonly Routing[], found: ReturnType<typeof setAt>, added: readonly T[]) => {
    if (found === undefined) return routings;
    const { oldest, host, namespace } = found;
    const goesAfterRoutes = (routing: Routing): boolean => {
      if (routing.isSplit === true || !names(routing, host)) return true;
      if (isRestricted(exportToOf(items, routing))) return false;
      return oldest.namespace === namespace || (oldest.createdAtMs ?? 0) <= (routing.createdAtMs ?? 0);
    };
    const after = routings.findIndex(goesAfterRoutes);
    const place = after < 0 ? routings.length : after;
    return [...routings.slice(0, place), ...added, ...routings.slice(place)];
  };

  const requests = engine.query('contenders', (key: string, port: number, client: string): readonly Contender[] => {
    const found = setAt(key, port, client, 'http');
    return inOrder(candidates(key, client), found, found === undefined ? [] : [found.set]);
  });
  const bytes = engine.query('byteContenders', (key: string, port: number, client: string): readonly RuleOwner[] => {
    const found = setAt(key, port, client, 'bytes');
    return inOrder(byteCandidates(key, client), found, found?.set.routes ?? []);
  });
  return { requests, bytes };
}

function isHttpKind({ kind }: ServiceRouteSet): boolean {
  return kind === 'HTTPRoute' || kind === 'GRPCRoute';
}
