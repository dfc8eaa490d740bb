import { createHash } from 'node:crypto';
import type { HttpMatch, RoutePlan, SessionPersistence, WeightedCluster } from '@meshwise/model';

/**
 * What keeps a session in its share where traffic is split. Envoy finds a session's endpoint within a cluster, and chooses
 * the cluster before, by chance. A second cookie therefore names the cluster, and requests that have it come to a route of
 * its own, whatever the weights are meanwhile. A cluster that is no longer among them, or has no weight, keeps nobody.
 *
 * A header carries one value, the endpoint's; sessions of headers hold within each cluster only.
 */
export function withShares(plan: RoutePlan): readonly RoutePlan[] {
  const { action, match } = plan;
  if (action.kind !== 'forward' || action.sessionPersistence?.kind !== 'cookie') return [plan];
  const session = action.sessionPersistence;
  const taking = action.destinations.filter(({ weight, refusesWith }) => weight > 0 && refusesWith === undefined);
  if (taking.length === 0 || action.destinations.filter(({ weight }) => weight > 0).length < 2) return [plan];
  return [
    ...taking.map(
      (destination): RoutePlan => ({
        ...plan,
        match: { ...match, headers: [...match.headers, ofShare(session, destination)] },
        action: { ...action, destinations: [destination] },
      }),
    ),
    {
      ...plan,
      action: {
        ...action,
        destinations: action.destinations.map((destination) =>
          taking.includes(destination) ? naming(session, destination) : destination,
        ),
      },
    },
  ];
}

/** Short, the same wherever it is made, and nothing that clients should read. */
function shareOf({ cluster }: WeightedCluster): string {
  return createHash('sha256').update(cluster).digest('hex').slice(0, 12);
}

/** RFC 6265, 4.2.1. */
function ofShare({ name }: SessionPersistence, destination: WeightedCluster): HttpMatch['headers'][number] {
  const pair = `${name.replaceAll(/[^\w-]/g, '\\$&')}-share=${shareOf(destination)}`;
  return { name: 'cookie', match: { regex: `(?:.*; ?)?${pair}(?:;.*)?` } };
}

/** With the attributes that Envoy gives to its own. */
function naming({ name, path, lifetimeMs }: SessionPersistence, destination: WeightedCluster): WeightedCluster {
  const attributes = [
    ...(lifetimeMs === undefined ? [] : [`Max-Age=${Math.trunc(lifetimeMs / 1000)}`]),
    ...(path === undefined ? [] : [`Path=${path}`]),
    'HttpOnly',
  ];
  const cookie = [`${name}-share=${shareOf(destination)}`, ...attributes].join('; ');
  const { set = {}, add = {}, remove = [] } = destination.responseHeaders ?? {};
  return { ...destination, responseHeaders: { set, add: { 'set-cookie': cookie, ...add }, remove } };
}
