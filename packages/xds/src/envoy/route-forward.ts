import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { GlobalRateLimit, Mirror, RouteAction, WeightedCluster } from '@meshwise/model';
import {
  type RouteAction as EnvoyRouteAction,
  RouteActionSchema,
  type WeightedCluster_ClusterWeightSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { hashPolicies } from './hash-policies.ts';
import { authorityOf, headersToAdd, headersToRemove } from './header-operations.ts';
import { durationOf } from './packing.ts';
import { percentage } from './percentages.ts';
import { routeRateLimits } from './rate-limits.ts';
import { retryPolicy } from './retries.ts';

export type Forward = Extract<RouteAction, { kind: 'forward' }>;
type ClusterWeight = MessageInitShape<typeof WeightedCluster_ClusterWeightSchema>;
type Printed = MessageInitShape<typeof RouteActionSchema>;

export interface ForwardOptions {
  /** Overrides the action's own rewrite: a header operation that sets Host says the same in another way. */
  readonly authority?: string | undefined;
  readonly rateLimits?: readonly GlobalRateLimit[] | undefined;
}

/** To destinations with their weights as Envoy takes them, at least one. */
export function forward(
  action: Forward,
  destinations: readonly WeightedCluster[],
  { authority, rateLimits }: ForwardOptions,
): EnvoyRouteAction {
  const { rewrite } = action;
  const [first] = destinations;
  // The only destination speaks for the route; of several, each has its own.
  const ofOnly = destinations.length === 1 ? authorityOf(first?.requestHeaders) : undefined;
  const host = authority ?? rewrite?.authority ?? ofOnly;
  const timeout = durationOf(action.timeoutMs ?? 0);
  const isHashed = (action.hashPolicies ?? []).length > 0 && destinations.length === 1;
  const retries = retryPolicy(action.retries, { isHashed });
  return create(RouteActionSchema, {
    ...clusterSpecifier(destinations),
    // Also the whole path when the match is exact or a regular expression.
    prefixRewrite: rewrite?.path ?? '',
    ...(rewrite?.pathRegex === undefined ? {} : { regexRewrite: regexRewrite(rewrite.pathRegex) }),
    ...(host === undefined ? {} : { hostRewriteSpecifier: { case: 'hostRewriteLiteral', value: host } }),
    // Unset must be said: Envoy's own default is 15 s.
    timeout,
    // The deadline that a gRPC client sends holds, up to that (Istio does so).
    maxGrpcTimeout: timeout,
    rateLimits: routeRateLimits(rateLimits),
    requestMirrorPolicies: (action.mirrors ?? []).map(mirrorPolicy),
    hashPolicy: hashPolicies(action.hashPolicies),
    ...(retries === undefined ? {} : { retryPolicy: retries }),
  });
}

function regexRewrite({ pattern, substitution }: { readonly pattern: string; readonly substitution: string }) {
  return { pattern: { regex: pattern }, substitution };
}

/** The copy keeps its host and starts no trace of its own, as Istio has it. */
function mirrorPolicy({ cluster, percent }: Mirror) {
  return {
    cluster,
    runtimeFraction: { defaultValue: percentage(percent) },
    traceSampled: false,
    disableShadowHostSuffixAppend: true,
  };
}

function clusterSpecifier(destinations: readonly WeightedCluster[]): Pick<Printed, 'clusterSpecifier'> {
  const [only] = destinations;
  if (only !== undefined && destinations.length === 1) {
    return { clusterSpecifier: { case: 'cluster', value: only.cluster } };
  }
  return { clusterSpecifier: { case: 'weightedClusters', value: { clusters: destinations.map(clusterWeight) } } };
}

function clusterWeight({ cluster, weight, requestHeaders, responseHeaders }: WeightedCluster): ClusterWeight {
  const authority = authorityOf(requestHeaders);
  return {
    name: cluster,
    weight,
    requestHeadersToAdd: headersToAdd(requestHeaders),
    requestHeadersToRemove: headersToRemove(requestHeaders),
    responseHeadersToAdd: headersToAdd(responseHeaders),
    responseHeadersToRemove: headersToRemove(responseHeaders),
    ...(authority === undefined ? {} : { hostRewriteSpecifier: { case: 'hostRewriteLiteral', value: authority } }),
  };
}
