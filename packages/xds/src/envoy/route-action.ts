import { create } from '@bufbuild/protobuf';
import type { RouteAction } from '@meshwise/model';
import {
  type RouteAction as EnvoyRouteAction,
  RedirectAction_RedirectResponseCode as RedirectCode,
  RouteActionSchema,
  WeightedCluster_ClusterWeightSchema,
  WeightedClusterSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { durationOf } from './packing.ts';
import { retryPolicy } from './retries.ts';
import { normalisedWeights } from './weights.ts';

type Forward = Extract<RouteAction, { kind: 'forward' }>;
type Redirect = Extract<RouteAction, { kind: 'redirect' }>;
type Destination = ReturnType<typeof normalisedWeights>[number];

/** Gateway API's answer for a rule none of whose backends can take the request. */
const NO_BACKEND_STATUS = 500;
const REDIRECT_CODES = new Map([
  [301, RedirectCode.MOVED_PERMANENTLY],
  [302, RedirectCode.FOUND],
  [303, RedirectCode.SEE_OTHER],
  [307, RedirectCode.TEMPORARY_REDIRECT],
  [308, RedirectCode.PERMANENT_REDIRECT],
]);

/** `authority` overrides the action's own rewrite: a header operation that sets Host says the same in another way. */
export function routeAction(action: RouteAction, authority?: string) {
  switch (action.kind) {
    case 'forward': {
      const destinations = normalisedWeights(action.destinations);
      if (destinations.length === 0) return respond(NO_BACKEND_STATUS);
      return { case: 'route' as const, value: forward(action, destinations, authority) };
    }
    case 'redirect':
      return { case: 'redirect' as const, value: redirect(action) };
    case 'respond':
      return respond(action.status, action.body);
  }
}

function respond(status: number, body?: string) {
  const content = body === undefined ? {} : { body: { specifier: { case: 'inlineString' as const, value: body } } };
  return { case: 'directResponse' as const, value: { status, ...content } };
}

function redirect(action: Redirect) {
  return {
    hostRedirect: action.authority ?? '',
    portRedirect: typeof action.port === 'number' ? action.port : 0,
    responseCode: REDIRECT_CODES.get(action.status) ?? RedirectCode.MOVED_PERMANENTLY,
    ...(action.path === undefined
      ? {}
      : { pathRewriteSpecifier: { case: 'pathRedirect' as const, value: action.path } }),
    ...(action.scheme === undefined
      ? {}
      : { schemeRewriteSpecifier: { case: 'schemeRedirect' as const, value: action.scheme } }),
  };
}

function forward(action: Forward, destinations: readonly Destination[], authority?: string): EnvoyRouteAction {
  const host = authority ?? action.rewrite?.authority;
  const retries = retryPolicy(action.retries);
  return create(RouteActionSchema, {
    ...clusterSpecifier(destinations),
    // Also the whole path when the match is exact or a regular expression.
    prefixRewrite: action.rewrite?.path ?? '',
    ...(host === undefined ? {} : { hostRewriteSpecifier: { case: 'hostRewriteLiteral', value: host } }),
    // Unset must be said: Envoy's own default is 15 s.
    timeout: durationOf(action.timeoutMs ?? 0),
    ...(retries === undefined ? {} : { retryPolicy: retries }),
  });
}

function clusterSpecifier(destinations: readonly Destination[]) {
  const [only] = destinations;
  if (only !== undefined && destinations.length === 1) {
    return { clusterSpecifier: { case: 'cluster' as const, value: only.name } };
  }
  const clusters = destinations.map((destination) => create(WeightedCluster_ClusterWeightSchema, destination));
  return {
    clusterSpecifier: { case: 'weightedClusters' as const, value: create(WeightedClusterSchema, { clusters }) },
  };
}
