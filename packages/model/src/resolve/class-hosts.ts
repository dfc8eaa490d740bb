import { covers, isPattern, mostSpecific } from '../model/host-name.ts';
import { compareText } from '../model/item.ts';
import type { RoutePlan, VirtualHostPlan } from '../plan.ts';
import type { AttachedHere } from './attachments.ts';
import { type ClassListener, isServed } from './class-listeners.ts';
import { domainsOf } from './gateway-hosts.ts';
import { type Alternative, bySpecificity, type RuleOwner } from './specificity.ts';

/**
 * The hosts for which a listener answers: those of its routes, and its own, since requests for it are nobody else's even
 * where no route takes them. What belongs to a listener with a more specific hostname on the port is that one's
 * (Gateway API, "Listener Isolation").
 */
export function hostsOf(
  listener: ClassListener,
  here: readonly AttachedHere[],
  ofPort: readonly ClassListener[],
): readonly string[] {
  const own = listener.hostname === '*' ? [] : [listener.hostname];
  const all = new Set([...own, ...here.flatMap(({ hostnames }) => hostnames)]);
  const narrower = ofPort.filter(
    (other) => isServed(other) && other.hostname !== listener.hostname && covers(listener.hostname, other.hostname),
  );
  return [...all].filter((host) => !narrower.some(({ hostname }) => covers(hostname, host))).sort(compareText);
}

/** Routes by what they are found by, since a Gateway may have a thousand hosts. */
export interface HostIndex {
  readonly byName: ReadonlyMap<string, readonly AttachedHere[]>;
  /** Those with a pattern among their hostnames. */
  readonly wide: readonly AttachedHere[];
}

export function hostIndex(here: readonly AttachedHere[]): HostIndex {
  const byName = new Map<string, AttachedHere[]>();
  for (const one of here) {
    for (const hostname of one.hostnames) {
      const known = byName.get(hostname);
      if (known === undefined) byName.set(hostname, [one]);
      else known.push(one);
    }
  }
  return { byName, wide: here.filter(({ hostnames }) => hostnames.some(isPattern)) };
}

/** The routes that answer for a host. */
export function routesFor(host: string, { byName, wide }: HostIndex): readonly AttachedHere[] {
  const covering = wide.filter(({ hostnames }) => hostnames.some((hostname) => covers(hostname, host)));
  return [...new Set([...(byName.get(host) ?? []), ...covering])];
}

/**
 * The rules of routes for a host in their order: those of routes with the more specific hostname first, among them the
 * more specific conditions (Gateway API, HTTPRoute `hostnames` and `matches`).
 */
export function rulesFor(host: string, answering: readonly AttachedHere[]): readonly Alternative<RuleOwner>[] {
  const byHostname = Map.groupBy(answering, ({ hostnames }) => mostSpecific(host, hostnames) ?? '');
  return [...byHostname]
    .sort(([a], [b]) => Number(isPattern(a)) - Number(isPattern(b)) || b.length - a.length)
    .flatMap(([, found]) => bySpecificity(found.map(({ route }) => route)));
}

/** One virtual host of a listener. Without routes it answers 404. */
export function virtualHostFor(
  host: string,
  routes: readonly RoutePlan[],
  { server: { port, origin } }: ClassListener,
): VirtualHostPlan {
  return {
    name: `${host}:${port}`,
    domains: domainsOf(host, port),
    routes,
    origin: routes[0]?.origin ?? origin,
  };
}

/**
 * Requests for a host of another listener that come in a connection for this one, as HTTP/2 clients may send them where
 * one certificate is for both: they have to ask again (RFC 9110, 15.5.20; GEP-3567).
 */
export function misdirected(
  listener: ClassListener,
  ofPort: readonly ClassListener[],
  taken: ReadonlySet<string>,
): readonly VirtualHostPlan[] {
  return ofPort
    .filter(
      ({ hostname, server }) =>
        hostname !== '*' && server.protocol === 'https' && !taken.has(hostname) && hostname !== listener.hostname,
    )
    .map((other) => {
      const { origin } = other.server;
      const match = { headers: [], queryParameters: [] };
      const route: RoutePlan = { match, action: { kind: 'respond', status: 421 }, origin };
      return virtualHostFor(other.hostname, [route], other);
    });
}
