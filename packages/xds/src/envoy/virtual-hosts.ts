import { create } from '@bufbuild/protobuf';
import type { RoutePlan, VirtualHostPlan } from '@meshwise/model';
import {
  type Route,
  RouteSchema,
  type VirtualHost,
  VirtualHostSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { FAULT_FILTER, routeFault } from './faults.ts';
import { authorityOf, headersToAdd, headersToRemove } from './header-operations.ts';
import { memoise } from './memoise.ts';
import { originMetadata } from './provenance.ts';
import { routeAction } from './route-action.ts';
import { routeMatch } from './route-match.ts';

/** Printed once per plan item, and again only under other domains for the explicit proxy of loopback capture. */
export const virtualHost = memoise((plan: VirtualHostPlan): VirtualHost => virtualHostFor(plan, plan.domains));

export function virtualHostFor(plan: VirtualHostPlan, domains: readonly string[]): VirtualHost {
  return create(VirtualHostSchema, {
    name: plan.name,
    domains: [...domains],
    routes: plan.routes.map(route),
    // As Istio: the program behind sees in x-envoy-attempt-count whether a request is a retry.
    includeRequestAttemptCount: true,
  });
}

const route = memoise(
  (plan: RoutePlan): Route =>
    create(RouteSchema, {
      name: plan.name ?? '',
      match: routeMatch(plan.match),
      action: routeAction(plan.action, authorityOf(plan.requestHeaders)),
      metadata: originMetadata(plan.origin),
      requestHeadersToAdd: headersToAdd(plan.requestHeaders),
      requestHeadersToRemove: headersToRemove(plan.requestHeaders),
      responseHeadersToAdd: headersToAdd(plan.responseHeaders),
      responseHeadersToRemove: headersToRemove(plan.responseHeaders),
      ...(plan.fault === undefined ? {} : { typedPerFilterConfig: { [FAULT_FILTER]: routeFault(plan.fault) } }),
    }),
);
