import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { Fault, GlobalRateLimit, Mirror, RouteAction, RoutePathMatch, WeightedCluster } from '@meshwise/model';
import {
  type RouteAction as EnvoyRouteAction,
  RouteActionSchema,
  type WeightedCluster_ClusterWeightSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { FAULT_FILTER, routeFault } from './faults.ts';
import { hashPolicies } from './hash-policies.ts';
import { authorityOf, headersToAdd, headersToRemove } from './header-operations.ts';
import { durationOf } from './packing.ts';
import { pathReplacement } from './path-replacement.ts';
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
  /** What was matched, of which a rewrite replaces a part. */
  readonly path?: RoutePathMatch | undefined;
  /** Of the route, for the shares that are answered by a fault of their own. */
  readonly fault?: Fault | undefined;
}

/** To destinations with their weights as Envoy takes them, at least one. */
export function forward(
  action: Forward,
  destinations: readonly WeightedCluster[],
  { authority, rateLimits, path, fault }: ForwardOptions,
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
    ...clusterSpecifier(destinations, fault),
    ...pathRewrite(rewrite, path),
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

/** A replaced prefix is the whole path when the match is exact or a regular expression. */
function pathRewrite(
  rewrite: Forward['rewrite'],
  matched: RoutePathMatch | undefined,
): Pick<Printed, 'prefixRewrite' | 'regexRewrite'> {
  if (rewrite?.pathRegex !== undefined) return { regexRewrite: regexRewrite(rewrite.pathRegex) };
  if (rewrite?.path === undefined) return {};
  const replacement = pathReplacement(matched, rewrite.path);
  return replacement.kind === 'prefix'
    ? { prefixRewrite: replacement.value }
    : { regexRewrite: regexRewrite(replacement) };
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

function clusterSpecifier(
  destinations: readonly WeightedCluster[],
  fault: Fault | undefined,
): Pick<Printed, 'clusterSpecifier'> {
  const [only] = destinations;
  if (only !== undefined && destinations.length === 1) {
    return { clusterSpecifier: { case: 'cluster', value: only.cluster } };
  }
  const clusters = destinations.map((destination) => clusterWeight(destination, fault));
  return { clusterSpecifier: { case: 'weightedClusters', value: { clusters } } };
}

function clusterWeight(
  { cluster, weight, requestHeaders, responseHeaders, refusesWith }: WeightedCluster,
  fault: Fault | undefined,
): ClusterWeight {
  const authority = authorityOf(requestHeaders);
  return {
    name: cluster,
    weight,
    requestHeadersToAdd: headersToAdd(requestHeaders),
    requestHeadersToRemove: headersToRemove(requestHeaders),
    responseHeadersToAdd: headersToAdd(responseHeaders),
    responseHeadersToRemove: headersToRemove(responseHeaders),
    ...(authority === undefined ? {} : { hostRewriteSpecifier: { case: 'hostRewriteLiteral', value: authority } }),
    // Envoy weighs clusters only; one of which every request is aborted needs none behind its name.
    ...(refusesWith === undefined ? {} : { typedPerFilterConfig: { [FAULT_FILTER]: refusal(refusesWith, fault) } }),
  };
}

function refusal(status: number, fault: Fault | undefined) {
  return routeFault({ ...fault, abort: { httpStatus: status, percent: 100 } });
}
