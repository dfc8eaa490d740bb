import { create } from '@bufbuild/protobuf';
import type { RoutePlan, VirtualHostPlan } from '@meshwise/model';
import {
  type Route,
  RouteSchema,
  VirtualHost_TlsRequirementType as TlsRequirement,
  type VirtualHost,
  VirtualHostSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { authorityOf, headersToAdd, headersToRemove } from './header-operations.ts';
import { withoutImpliedPorts } from './implied-ports.ts';
import { memoise } from './memoise.ts';
import { originMetadata } from './provenance.ts';
import { routeAction } from './route-action.ts';
import { routeFilters } from './route-filters.ts';
import { routeMatch } from './route-match.ts';
import { withShares } from './session-shares.ts';

/** Printed once per plan item, and again only under other domains for the explicit proxy of loopback capture. */
export const virtualHost = memoise((plan: VirtualHostPlan): VirtualHost => virtualHostFor(plan, plan.domains));

export function virtualHostFor(plan: VirtualHostPlan, domains: readonly string[]): VirtualHost {
  return create(VirtualHostSchema, {
    name: plan.name,
    domains: [...domains],
    routes: plan.routes.flatMap(routesOf),
    ...(plan.requireTls === true ? { requireTls: TlsRequirement.ALL } : {}),
    // As Istio: the program behind sees in x-envoy-attempt-count whether a request is a retry.
    includeRequestAttemptCount: true,
  });
}

const routesOf = memoise((plan: RoutePlan): Route[] => withoutImpliedPorts(plan).flatMap(withShares).map(route));

function route(plan: RoutePlan): Route {
  const { action } = plan;
  // Envoy knows operations of one destination among several only; those of the single one follow the route's.
  const [only, ...others] = action.kind === 'forward' ? action.destinations : [];
  const { requestHeaders, responseHeaders } = others.length > 0 || only === undefined ? {} : only;
  return create(RouteSchema, {
    name: plan.name ?? '',
    match: routeMatch(plan.match),
    action: routeAction(action, {
      authority: authorityOf(plan.requestHeaders),
      rateLimits: plan.limits?.global,
      path: plan.match.path,
      fault: plan.fault,
    }),
    metadata: originMetadata(plan.origin),
    requestHeadersToAdd: [...headersToAdd(plan.requestHeaders), ...headersToAdd(requestHeaders)],
    requestHeadersToRemove: [...headersToRemove(plan.requestHeaders), ...headersToRemove(requestHeaders)],
    responseHeadersToAdd: [...headersToAdd(plan.responseHeaders), ...headersToAdd(responseHeaders)],
    responseHeadersToRemove: [...headersToRemove(plan.responseHeaders), ...headersToRemove(responseHeaders)],
    typedPerFilterConfig: routeFilters(plan),
    statPrefix: plan.statPrefix ?? '',
  });
}
