import type { Destination, Forwarding, HttpRule, MirrorDestination, RuleAction } from '../model/routing.ts';
import type { MeshSettings } from '../model/settings.ts';
import type {
  ClusterPlan,
  HashPolicy,
  HeaderOperations,
  Mirror,
  Retries,
  RouteAction,
  WeightedCluster,
} from '../plan.ts';
import type { RouteScope } from './client-match.ts';
import { type Destinations, refusalStatus } from './destinations.ts';
import type { RuleOwner } from './specificity.ts';
import { included } from './split-backends.ts';
import type { PortSettings } from './traffic-settings.ts';
import { formatView } from './view.ts';

/** A route for services without rules of their own. */
export function plainForward(cluster: string, chosen: PortSettings, settings: MeshSettings): RouteAction {
  return {
    kind: 'forward',
    destinations: [{ cluster, weight: 100 }],
    ...retriesOf(undefined, settings),
    ...hashPoliciesOf([chosen]),
  };
}

/** With what the actions of rules are resolved; `placeholders` collects what they refer to in vain. */
export interface Resolver {
  readonly owner: RuleOwner;
  readonly scope: RouteScope;
  readonly destinations: Destinations;
  readonly settings: MeshSettings;
  readonly placeholders: Map<string, ClusterPlan>;
}

export function actionOf(rule: HttpRule, resolver: Resolver): RouteAction {
  const { action } = rule;
  switch (action.kind) {
    case 'forward':
      return forwardOf(rule, action, resolver);
    case 'redirect':
      return redirectOf(action, resolver);
    case 'respond':
      return action;
    case 'delegate':
      // Rules come with their delegates in place.
      return { kind: 'respond', status: 404 };
  }
}

type Forward = Extract<RuleAction, { readonly kind: 'forward' }>;

function forwardOf(rule: HttpRule, action: Forward, resolver: Resolver): RouteAction {
  const isAttached = resolver.owner.kind === 'attached-route';
  const all = weighted(resolver.owner, action.destinations).map(({ destination, weight }) => ({
    ...resolve(destination, resolver),
    plan: weightedCluster(destination, weight),
  }));
  const resolved = included(resolver.owner, all);
  // A policy on origins holds for the 503 too, so that a page can read it, and headers of the response are changed where a
  // fault has answered: then the proxy has to try.
  const isHopeless = resolved.every(({ missing }) => missing !== undefined);
  // Without backends, or refused all of them (Gateway API, HTTPRouteRule `backendRefs`).
  if (isHopeless && isAttached) return { kind: 'respond', status: refusalStatus(resolver.owner) };
  if (isHopeless && rule.cors === undefined && rule.fault === undefined) return { kind: 'respond', status: 503 };
  for (const { placeholder } of resolved) keep(placeholder, resolver);
  const rewrite = rewriteOf(action, rule.requestHeaders);
  const mirrors = (action.mirrors ?? []).flatMap((mirror): readonly Mirror[] => {
    const { cluster, placeholder, refusesWith } = resolve(mirror, resolver);
    if (refusesWith !== undefined) return [];
    keep(placeholder, resolver);
    return [{ cluster, percent: mirror.percent }];
  });
  return {
    kind: 'forward',
    destinations: resolved.map(({ cluster, plan, refusesWith }) => ({
      ...plan,
      cluster,
      ...(refusesWith === undefined ? {} : { refusesWith }),
    })),
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(action.timeoutMs === undefined ? {} : { timeoutMs: action.timeoutMs }),
    ...retriesOf(action.retries, resolver.settings),
    ...(mirrors.length === 0 ? {} : { mirrors }),
    ...hashPoliciesOf(resolved.map(({ settings }) => settings)),
    ...(action.sessionPersistence === undefined ? {} : { sessionPersistence: action.sessionPersistence }),
  };
}

/** The request is hashed once, by all that any destination looks at, as Istio does it. */
function hashPoliciesOf(all: readonly PortSettings[]): { readonly hashPolicies?: readonly HashPolicy[] } {
  const unique = new Map(
    all.flatMap(({ loadBalancer }) => loadBalancer?.hash ?? []).map((hash) => [JSON.stringify(hash), hash]),
  );
  return unique.size === 0 ? {} : { hashPolicies: [...unique.values()] };
}

/**
 * Weight 0 takes nothing. In Istio a single destination takes everything, whatever its weight; in Gateway API nothing is
 * taken then, either (BackendRef `weight`).
 */
export function weighted(
  owner: RuleOwner,
  destinations: readonly Destination[],
): readonly { readonly destination: Destination; readonly weight: number }[] {
  const isAlone = destinations.length === 1 && owner.kind === 'routing';
  const taking = isAlone ? destinations : destinations.filter(({ weight }) => weight > 0);
  return taking.map((destination) => ({ destination, weight: destination.weight > 0 ? destination.weight : 100 }));
}

function weightedCluster(
  { requestHeaders, responseHeaders }: Destination,
  weight: number,
): Omit<WeightedCluster, 'cluster'> {
  return {
    weight,
    ...(requestHeaders === undefined ? {} : { requestHeaders }),
    ...(responseHeaders === undefined ? {} : { responseHeaders }),
  };
}

function resolve(to: Destination | MirrorDestination, { owner, scope, destinations }: Resolver) {
  return destinations.resolve(owner, to, formatView(scope.view), scope.port, scope.gateway);
}

function keep(placeholder: ClusterPlan | undefined, { placeholders }: Resolver): void {
  if (placeholder !== undefined) placeholders.set(placeholder.name, placeholder);
}

/** Setting Host on the request is a rewrite of the authority; the one that `rewrite` names goes first (Istio). */
function rewriteOf({ rewrite }: Forwarding, headers: HeaderOperations | undefined): Forwarding['rewrite'] {
  const authority = rewrite?.authority ?? headers?.set['host'] ?? headers?.add['host'];
  return authority === undefined ? rewrite : { ...rewrite, authority };
}

/** The operations without the one that is a rewrite. */
export function withoutHost(operations: HeaderOperations | undefined): HeaderOperations | undefined {
  if (operations?.set['host'] === undefined && operations?.add['host'] === undefined) return operations;
  const { host: _set, ...set } = operations.set;
  const { host: _added, ...add } = operations.add;
  return { ...operations, set, add };
}

type Redirect = Extract<RuleAction, { readonly kind: 'redirect' }>;

/**
 * The port of a request is the one its listener has. One that the scheme implies is not spelled out: by Istio the request's
 * own then stays, by the Gateway API none does.
 */
function redirectOf(action: Redirect, { owner, scope }: Resolver): RouteAction {
  const { port: written, ...rest } = action;
  const port = written === 'from-request' ? scope.port : written;
  const scheme = action.scheme ?? (scope.isTls === true ? 'https' : 'http');
  const isImplied = (scheme === 'http' && port === 80) || (scheme === 'https' && port === 443);
  if (port === undefined) return rest;
  if (isImplied && owner.kind === 'attached-route') return { ...rest, scheme, port };
  return { ...rest, port: isImplied ? 'protocol-default' : port };
}

function retriesOf(written: Retries | undefined, settings: MeshSettings): { readonly retries?: Retries } {
  const retries = written ?? settings.defaults.retries;
  return retries === undefined ? {} : { retries };
}
