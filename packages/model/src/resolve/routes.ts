import type { ItemOf } from '../model/fragment.ts';
import type { Destination, HttpRule, MirrorDestination, RuleMatch } from '../model/routing.ts';
import type { MeshSettings } from '../model/settings.ts';
import type { ClusterPlan, HttpMatch, RouteAction, RoutePlan } from '../plan.ts';
import { httpMatchApplies, type RouteScope } from './client-match.ts';
import type { Destinations } from './destinations.ts';
import { actionOf, withoutHost } from './route-actions.ts';
import { type Alternative, alternativesOf } from './specificity.ts';

export type { RouteScope } from './client-match.ts';

export interface Routes {
  readonly routes: readonly RoutePlan[];
  /** Clusters that routes name and that belong to no service. */
  readonly placeholders: readonly ClusterPlan[];
}

export const ANY_REQUEST: HttpMatch = { headers: [], queryParameters: [] };

/** The rules of a routing as routes, one per alternative match, in their order, up to one that takes every request. */
export function routesOf(
  routing: ItemOf<'routing'>,
  scope: RouteScope,
  destinations: Destinations,
  settings: MeshSettings,
): Routes {
  const alternatives = destinations.rulesOf(routing).flatMap((rule) => alternativesOf(routing, rule));
  return routesInOrder(alternatives, scope, destinations, settings);
}

/** The same for alternatives that are in order already, of any resources. */
export function routesInOrder(
  alternatives: readonly Alternative[],
  scope: RouteScope,
  destinations: Destinations,
  settings: MeshSettings,
): Routes {
  const routes: RoutePlan[] = [];
  const placeholders = new Map<string, ClusterPlan>();
  const ofRule = new Map<HttpRule, Pick<RoutePlan, 'action' | 'limits'>>();
  for (const { owner, rule, match } of alternatives) {
    if (match !== undefined && !httpMatchApplies(match, owner.namespace, scope)) continue;
    let acting = ofRule.get(rule);
    if (acting === undefined) {
      const action = actionOf(rule, { owner, scope, destinations, settings, placeholders });
      acting = { action, ...destinations.limitsOf(owner, rule, action, scope.view.namespace, scope.port) };
      ofRule.set(rule, acting);
    }
    const { limits } = acting;
    const route = { ...routeOf(rule, match, acting.action), ...(limits === undefined ? {} : { limits }) };
    routes.push(route);
    if (isCatchAll(route)) break;
  }
  return { routes, placeholders: [...placeholders.values()] };
}

/** Whether a route takes every request, so that nothing behind it is ever reached. */
export function isCatchAll({ match }: RoutePlan): boolean {
  const { path } = match;
  const anyPath =
    path === undefined ||
    ('prefix' in path && path.prefix === '/') ||
    ('segments' in path && path.segments === '/') ||
    ('regex' in path && path.regex === '.*');
  const others = [match.method, match.authority, match.scheme, match.claims].some(
    (condition) => condition !== undefined,
  );
  return anyPath && !others && match.headers.length === 0 && match.queryParameters.length === 0;
}

/** What a rule refers to, shares and copies alike. */
export function referencesOf({ action }: HttpRule): readonly (Destination | MirrorDestination)[] {
  return action.kind === 'forward' ? [...action.destinations, ...(action.mirrors ?? [])] : [];
}

function routeOf(rule: HttpRule, match: RuleMatch | undefined, action: RouteAction): RoutePlan {
  const name = [rule.name, match?.name].filter((part) => part !== undefined && part !== '').join('.');
  const requestHeaders = withoutHost(rule.requestHeaders);
  return {
    ...(name === '' ? {} : { name }),
    match: match?.http ?? ANY_REQUEST,
    action,
    ...(rule.fault === undefined ? {} : { fault: rule.fault }),
    ...(rule.cors === undefined ? {} : { cors: rule.cors }),
    ...(requestHeaders === undefined ? {} : { requestHeaders }),
    ...(rule.responseHeaders === undefined ? {} : { responseHeaders: rule.responseHeaders }),
    ...(match?.statPrefix === undefined ? {} : { statPrefix: match.statPrefix }),
    origin: rule.origin,
  };
}
