import type {
  Destination,
  FieldReader,
  Forwarding,
  HttpRule,
  Rewrite,
  RoutePathMatch,
  RuleAction,
  RuleMatch,
} from '@meshwise/model';
import { type Filters, type GRPC_FILTERS, readFilters } from './filters.ts';
import { type RuleBackends, readRuleBackends } from './rule-backends.ts';
import { readSessionPersistence } from './session-persistence.ts';
import { readTimes } from './timeouts.ts';

/** What tells the kinds of routes apart whose rules are of HTTP. */
export interface RouteDialect {
  readonly filters: typeof GRPC_FILTERS;
  readonly readMatch: (field: FieldReader) => RuleMatch | undefined;
  /** Of requests that nothing can take: gRPC reads 503 as UNAVAILABLE (gRPC, "HTTP to gRPC status code mapping"). */
  readonly refusal: 500 | 503;
  /** The rule of a route that has none. */
  readonly defaultPath?: RoutePathMatch;
}

/** The route a rule stands in. */
export interface RouteContext {
  readonly namespace: string;
  readonly name: string;
  readonly index: number;
}

/** One entry of `rules` of an HTTPRoute or a GRPCRoute; undefined when none of its conditions is known. */
export function readRouteRule(field: FieldReader, dialect: RouteDialect, route: RouteContext): HttpRule | undefined {
  const name = field.string('name') ?? '';
  const alternatives = field.list('matches');
  const read = alternatives.flatMap((match) => dialect.readMatch(match) ?? []);
  const isUnknown = field.has('matches') && read.length === 0 && !isEmptyList(field);
  const every = dialect.defaultPath;
  const matches = read.length > 0 || every === undefined ? read : [everyRequest(every)];
  const filters = readFilters(field, route.namespace, dialect.filters);
  const backends = readRuleBackends(field, dialect, route.namespace);
  const forwarding = readForwarding(field, route, backends.destinations);
  const effective = filters === 'refused' ? filters : withOnlyBackend(filters, backends);
  const isMisplaced = effective !== 'refused' && replacesPrefix(effective) && !hasOnePrefix(matches);
  if (isMisplaced) field.invalid('filters', 'replaces a prefix, which takes exactly one match, of type PathPrefix');
  field.rest();
  if (isUnknown) return undefined;
  const base = { ...(name === '' ? {} : { name }), matches, origin: field.origin() };
  if (effective === 'refused' || isMisplaced) {
    return { ...base, action: { kind: 'respond', status: dialect.refusal } };
  }
  const { requestHeaders, responseHeaders, cors } = effective;
  return {
    ...base,
    action: actionOf(effective, backends.destinations, forwarding, dialect),
    ...(cors === undefined ? {} : { cors }),
    ...(requestHeaders === undefined ? {} : { requestHeaders }),
    ...(responseHeaders === undefined ? {} : { responseHeaders }),
  };
}

export function everyRequest(path: RoutePathMatch): RuleMatch {
  return { http: { path, headers: [], queryParameters: [] } };
}

function readForwarding(
  field: FieldReader,
  { name, index }: RouteContext,
  destinations: readonly Destination[],
): Forwarding {
  const sessionPersistence = readSessionPersistence(field, `meshwise-${name}-${index}`);
  const isSplit = destinations.filter(({ weight }) => weight > 0).length > 1;
  // The value of a header names an endpoint, which is looked for in the share that a request happens to fall to.
  if (isSplit && sessionPersistence?.kind === 'header')
    field.unsupported('sessionPersistence', 'by a header holds within each backend, and not from request to request');
  return { ...readTimes(field), ...(sessionPersistence === undefined ? {} : { sessionPersistence }) };
}

function isEmptyList(field: FieldReader): boolean {
  const { matches } = field.value as { readonly matches?: unknown };
  return Array.isArray(matches) && matches.length === 0;
}

/** The only backend of a rule speaks for the rule, too, where that says nothing itself. */
function withOnlyBackend(rule: Filters, { ofOnly }: RuleBackends): Filters {
  const mirrors = [...(rule.mirrors ?? []), ...(ofOnly?.mirrors ?? [])];
  const rewrite: Rewrite = { ...ofOnly?.rewrite, ...rule.rewrite };
  return {
    ...ofOnly,
    ...rule,
    ...(Object.keys(rewrite).length === 0 ? {} : { rewrite }),
    ...(mirrors.length === 0 ? {} : { mirrors }),
  };
}

function replacesPrefix({ rewrite, redirect }: Filters): boolean {
  return rewrite?.path !== undefined || redirect?.pathPrefix !== undefined;
}

function hasOnePrefix(matches: readonly RuleMatch[]): boolean {
  const [only, ...others] = matches;
  return others.length === 0 && only?.http.path !== undefined && 'segments' in only.http.path;
}

function actionOf(
  { redirect, rewrite, mirrors }: Filters,
  destinations: readonly Destination[],
  forwarding: Forwarding,
  { refusal }: RouteDialect,
): RuleAction {
  if (redirect !== undefined) return redirect;
  if (!destinations.some(({ weight }) => weight > 0)) return { kind: 'respond', status: refusal };
  return {
    kind: 'forward',
    destinations,
    ...forwarding,
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(mirrors === undefined ? {} : { mirrors }),
  };
}
