import type { ItemOf } from '../model/fragment.ts';
import { compareText } from '../model/item.ts';
import type { HttpRule, RuleMatch } from '../model/routing.ts';
import type { HttpMatch, RoutePathMatch } from '../plan.ts';

type AttachedRoute = ItemOf<'attached-route'>;

/** Whose rules are followed: they stand in a routing, in order, or in a route of the Gateway API. */
export type RuleOwner = ItemOf<'routing'> | AttachedRoute;

/** One condition of a rule with the rule and the resource it stands in. */
export interface Alternative<Owner extends RuleOwner = RuleOwner> {
  readonly owner: Owner;
  readonly rule: HttpRule;
  /** Absent: every request. */
  readonly match?: RuleMatch;
}

/** The conditions of a rule, one by one. */
export function alternativesOf<Owner extends RuleOwner>(owner: Owner, rule: HttpRule): readonly Alternative<Owner>[] {
  return rule.matches.length === 0 ? [{ owner, rule }] : rule.matches.map((match) => ({ owner, rule, match }));
}

/**
 * The conditions of all rules of several routes in the order in which they are tried (Gateway API, HTTPRouteRule
 * `matches`): an exact path, the longest prefix, a method, the most headers, the most query parameters; then the oldest
 * route, the first by `namespace/name`, and the order within the route.
 *
 * A GRPCRoute asks for the longest service, the longest method and the most headers. Its conditions are paths too, exact
 * ones or prefixes that end behind the service, so that this order says the same of them: no two services or methods take
 * the same request. Where regular expressions stand is left to us: behind all prefixes but the one that takes every path,
 * behind which they would never be reached.
 */
export function bySpecificity(routes: readonly AttachedRoute[]): readonly Alternative<AttachedRoute>[] {
  const inOrder = [...routes].sort(byPrecedence);
  // Sorting keeps the order of what is equal: of routes first, then of the rules within a route.
  return inOrder
    .flatMap((route) => route.rules.flatMap((rule) => alternativesOf(route, rule)))
    .sort((a, b) => compareMatches(a.match?.http, b.match?.http));
}

/** Which of two routes goes first where their conditions are equal. */
export function byPrecedence(a: AttachedRoute, b: AttachedRoute): number {
  return (
    (a.createdAtMs ?? 0) - (b.createdAtMs ?? 0) ||
    compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`) ||
    compareText(a.routeKind, b.routeKind)
  );
}

/** Negative when the first is more specific. */
export function compareMatches(a: HttpMatch | undefined, b: HttpMatch | undefined): number {
  const [first, second] = [rank(a), rank(b)];
  for (const [index, value] of first.entries()) {
    const difference = (second[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What counts, the most important first; more is more specific. */
function rank(match: HttpMatch | undefined): readonly number[] {
  const [kind, length] = rankOfPath(match?.path);
  const method = match?.method === undefined ? 0 : 1;
  return [kind, length, method, match?.headers.length ?? 0, match?.queryParameters.length ?? 0];
}

const ANY_PATH = [0, 0] as const;

function rankOfPath(path: RoutePathMatch | undefined): readonly [kind: number, length: number] {
  if (path === undefined || 'present' in path) return ANY_PATH;
  // Of two exact paths that take the same request neither is longer.
  if ('exact' in path) return [3, 0];
  if ('regex' in path) return [1, path.regex.length];
  const prefix = 'segments' in path ? path.segments : path.prefix;
  const length = prefix.endsWith('/') ? prefix.length - 1 : prefix.length;
  return length === 0 ? ANY_PATH : [2, length];
}

/**
 * Where routes of different kinds meet on one port of a Service, only the first of these kinds is followed
 * (GEP-1294, "Route types").
 */
export const KINDS_FOR_SERVICES: readonly AttachedRoute['routeKind'][] = [
  'GRPCRoute',
  'HTTPRoute',
  'TLSRoute',
  'TCPRoute',
];
