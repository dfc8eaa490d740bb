import { create } from '@bufbuild/protobuf';
import type { HttpMatch, RoutePlan, StringMatch, VirtualHostPlan } from '@meshwise/model';
import {
  type Route,
  RouteAction_MaxStreamDurationSchema,
  RouteActionSchema,
  RouteSchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { durationOf } from './packing.ts';
import { BLACK_HOLE } from './proxyless-clusters.ts';
import type { EnvoyResource } from './resource.ts';
import { type Forward, forward } from './route-forward.ts';
import { routeMatch } from './route-match.ts';
import { normalisedWeights } from './weights.ts';

/**
 * Routes as gRPC's own xDS clients read them (gRPC proposals A28, A31 and A44): matches of path and headers, weights, timeouts
 * and retries. What they would refuse is not printed; a client that refuses a route configuration obeys none of it.
 */
export function proxylessRoutes(plan: VirtualHostPlan, clusters: ReadonlySet<string>): EnvoyResource {
  const { name } = plan;
  const message = create(RouteConfigurationSchema, {
    name,
    // Whoever asks by this name means this virtual host and no other.
    virtualHosts: [
      { name, domains: ['*'], routes: plan.routes.flatMap((route) => proxylessRoute(route, name, clusters)) },
    ],
  });
  return { type: 'RDS', name, message };
}

function proxylessRoute(
  { name = '', match, action }: RoutePlan,
  authority: string,
  clusters: ReadonlySet<string>,
): Route[] {
  const left = remaining(match, authority);
  if (left === undefined) return [];
  return [
    create(RouteSchema, {
      name,
      match: routeMatch(left),
      action: { case: 'route', value: proxylessForward(action.kind === 'forward' ? action : NOWHERE, clusters) },
    }),
  ];
}

/** Of a call that a proxy would answer itself or send away. It fails here, and must not reach a later route instead. */
const NOWHERE: Forward = { kind: 'forward', destinations: [] };

function proxylessForward(action: Forward, clusters: ReadonlySet<string>) {
  const { timeoutMs = 0, retries, hashPolicies = [] } = action;
  const known = normalisedWeights(action.destinations).map(({ cluster, weight }) => ({
    // A client would wait for a cluster that it is not told of, and with it all its calls.
    cluster: clusters.has(cluster) ? cluster : BLACK_HOLE,
    weight,
  }));
  const destinations = known.length === 0 ? [{ cluster: BLACK_HOLE, weight: 1 }] : known;
  const printed = forward(
    {
      kind: 'forward',
      destinations,
      hashPolicies: hashPolicies.filter(({ kind }) => kind === 'header'),
      ...(retries === undefined || retries.attempts < 1 ? {} : { retries }),
    },
    destinations,
    {},
  );
  // gRPC's own word for a timeout (A31).
  if (timeoutMs === 0) return printed;
  const maxStreamDuration = create(RouteAction_MaxStreamDurationSchema, { maxStreamDuration: durationOf(timeoutMs) });
  return create(RouteActionSchema, { ...printed, maxStreamDuration });
}

/** What of a match has to be looked at for each call; undefined when no call of gRPC matches it. */
function remaining(match: HttpMatch, authority: string): HttpMatch | undefined {
  // A call is a POST without query to the name that was asked for ("gRPC over HTTP2", Requests).
  const isPossible =
    match.queryParameters.length === 0 &&
    matches(match.method, 'POST') &&
    matches(match.scheme, 'http') &&
    (matches(match.authority, authority) || matches(match.authority, authority.replace(/:\d+$/, '')));
  const { path, headers } = match;
  return isPossible ? { ...(path === undefined ? {} : { path }), headers, queryParameters: [] } : undefined;
}

function matches(match: StringMatch | undefined, text: string): boolean {
  if (match === undefined || 'present' in match) return true;
  if ('regex' in match) return matchesRegex(match.regex, text);
  const fold = (value: string) => (match.ignoreCase === true ? value.toLowerCase() : value);
  return 'exact' in match ? fold(text) === fold(match.exact) : fold(text).startsWith(fold(match.prefix));
}

/** RE2's expressions are JavaScript's but for flags in front. What JavaScript cannot read matches nothing here. */
function matchesRegex(regex: string, text: string): boolean {
  const ignoresCase = regex.startsWith('(?i)');
  try {
    return new RegExp(`^(?:${ignoresCase ? regex.slice(4) : regex})$`, ignoresCase ? 'iu' : 'u').test(text);
  } catch {
    return false;
  }
}
