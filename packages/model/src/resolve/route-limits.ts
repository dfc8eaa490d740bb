import type { Deadline, RouteAction, RouteLimits, RoutePlan } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { TrafficPolicies } from './traffic-policies.ts';

/**
 * What TrafficPolicies say of a route: those of its routing, and the deadline of the service it leads to. In a mesh with
 * deadlines a route with a timeout says so too, since the shorter of the two holds.
 */
export function routeLimits(
  limits: TrafficPolicies,
  own: RouteLimits,
  ofService: Deadline | undefined,
  action: RouteAction,
  origin: Origin,
): { readonly limits?: RouteLimits } {
  if (action.kind !== 'forward') return {};
  const given = own.deadline ?? ofService;
  const watched = action.timeoutMs !== undefined && limits.hasDeadlines() ? { origin } : undefined;
  const deadline = given ?? watched;
  const all: RouteLimits = { ...own, ...(deadline === undefined ? {} : { deadline }) };
  return Object.keys(all).length === 0 ? {} : { limits: all };
}

/** Routes with what holds for all of them where they say nothing themselves; global limits hold together. */
export function withWiderLimits(routes: readonly RoutePlan[], wider: RouteLimits): readonly RoutePlan[] {
  if (Object.keys(wider).length === 0) return routes;
  return routes.map((route) => {
    if (route.action.kind !== 'forward') return route;
    const global = [...(wider.global ?? []), ...(route.limits?.global ?? [])];
    const deadline = route.limits?.deadline?.budgetMs === undefined ? wider.deadline : route.limits.deadline;
    const limits: RouteLimits = {
      ...wider,
      ...route.limits,
      ...(deadline === undefined ? {} : { deadline }),
      ...(global.length === 0 ? {} : { global }),
    };
    return { ...route, limits };
  });
}
