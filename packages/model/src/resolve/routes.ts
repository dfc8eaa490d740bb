import type { ItemOf } from '../model/fragment.ts';
import { selects } from '../model/labels.ts';
import type { HttpRule, RuleAction, RuleMatch } from '../model/routing.ts';
import type { MeshSettings } from '../model/settings.ts';
import type { ClusterPlan, HttpMatch, Retries, RouteAction, RoutePlan } from '../plan.ts';
import type { Destinations } from './destinations.ts';
import { fullGatewayName } from './item-database.ts';
import type { View } from './view.ts';

/** Where and for whom rules are read: the listening port, the gateway (`mesh` or `namespace/name`), and the client. */
export interface RouteScope {
  readonly port: number;
  readonly gateway: string;
  readonly view: View;
}

export interface Routes {
  readonly routes: readonly RoutePlan[];
  /** Clusters that routes name and that belong to no service. */
  readonly placeholders: readonly ClusterPlan[];
}

export const ANY_REQUEST: HttpMatch = { headers: [], queryParameters: [] };

/** The rules of a routing as routes, one per alternative match, in their order. */
export function routesOf(
  routing: ItemOf<'routing'>,
  scope: RouteScope,
  destinations: Destinations,
  settings: MeshSettings,
): Routes {
  const routes: RoutePlan[] = [];
  const placeholders = new Map<string, ClusterPlan>();
  for (const rule of routing.rules) {
    const matches = rule.matches.filter((match) => applies(match, routing, scope));
    if (rule.matches.length > 0 && matches.length === 0) continue;
    const action = actionOf(routing, rule.action, scope, destinations, settings, placeholders);
    if (rule.matches.length === 0) routes.push(routeOf(rule, undefined, action));
    for (const match of matches) routes.push(routeOf(rule, match, action));
  }
  return { routes, placeholders: [...placeholders.values()] };
}

/** Whether a route takes every request, so that nothing behind it is ever reached. */
export function isCatchAll({ match }: RoutePlan): boolean {
  const anyPath = match.path === undefined || ('prefix' in match.path && match.path.prefix === '/');
  const others = [match.method, match.authority, match.scheme].some((condition) => condition !== undefined);
  return anyPath && !others && match.headers.length === 0 && match.queryParameters.length === 0;
}

/** A route for services without rules of their own. */
export function plainForward(cluster: string, settings: MeshSettings): RouteAction {
  return { kind: 'forward', destinations: [{ cluster, weight: 100 }], ...retriesOf(undefined, settings) };
}

function applies(match: RuleMatch, routing: ItemOf<'routing'>, { port, gateway, view }: RouteScope): boolean {
  if (match.port !== undefined && match.port !== port) return false;
  const gateways = match.gateways?.map((name) => (name === 'mesh' ? name : fullGatewayName(name, routing.namespace)));
  if (gateways !== undefined && !gateways.includes(gateway)) return false;
  if (match.sourceNamespace !== undefined && match.sourceNamespace !== view.namespace) return false;
  return selects(match.sourceLabels ?? {}, view.labels);
}

function routeOf(rule: HttpRule, match: RuleMatch | undefined, action: RouteAction): RoutePlan {
  const name = [rule.name, match?.name].filter((part) => part !== undefined && part !== '').join('.');
  return {
    ...(name === '' ? {} : { name }),
    match: match?.http ?? ANY_REQUEST,
    action,
    ...(rule.fault === undefined ? {} : { fault: rule.fault }),
    ...(rule.requestHeaders === undefined ? {} : { requestHeaders: rule.requestHeaders }),
    ...(rule.responseHeaders === undefined ? {} : { responseHeaders: rule.responseHeaders }),
    origin: rule.origin,
  };
}

function actionOf(
  routing: ItemOf<'routing'>,
  action: RuleAction,
  scope: RouteScope,
  destinations: Destinations,
  settings: MeshSettings,
  placeholders: Map<string, ClusterPlan>,
): RouteAction {
  if (action.kind === 'delegate') return { kind: 'respond', status: 404 };
  if (action.kind !== 'forward') return action;
  // A single destination takes everything, whatever its weight; among several, weight 0 takes nothing (Istio).
  const weighted =
    action.destinations.length === 1 ? action.destinations : action.destinations.filter((d) => d.weight > 0);
  const resolved = weighted.map((destination) => ({
    weight: destination.weight > 0 ? destination.weight : 100,
    ...destinations.resolve(routing, destination, scope.view.namespace, scope.port),
  }));
  if (resolved.every(({ missing }) => missing !== undefined)) return { kind: 'respond', status: 503 };
  for (const { placeholder } of resolved)
    if (placeholder !== undefined) placeholders.set(placeholder.name, placeholder);
  return {
    kind: 'forward',
    destinations: resolved.map(({ cluster, weight }) => ({ cluster, weight })),
    ...(action.rewrite === undefined ? {} : { rewrite: action.rewrite }),
    ...(action.timeoutMs === undefined ? {} : { timeoutMs: action.timeoutMs }),
    ...retriesOf(action.retries, settings),
  };
}

function retriesOf(written: Retries | undefined, settings: MeshSettings): { readonly retries?: Retries } {
  const retries = written ?? settings.defaults.retries;
  return retries === undefined ? {} : { retries };
}
