import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttachedRouteItem } from '../model/attached-route.ts';
import type { HttpRule } from '../model/routing.ts';
import type { HttpMatch, RoutePathMatch } from '../plan.ts';
import { type Alternative, bySpecificity } from './specificity.ts';

type Route = AttachedRouteItem;

function route(name: string, matches: readonly HttpMatch[], more: Partial<Route> = {}): Route {
  const origin = { resource: { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default', name } };
  const rules = matches.map(
    (http): HttpRule => ({
      matches: [{ http }],
      action: { kind: 'respond', status: 200 },
      origin,
    }),
  );
  return {
    kind: 'attached-route',
    routeKind: 'HTTPRoute',
    ...{ namespace: 'default', name, origin, parents: [], hostnames: [], rules, byteRules: [] },
    ...more,
  };
}

function match(path?: RoutePathMatch, headers = 0, queryParameters = 0, method?: string): HttpMatch {
  const named = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `x-${index}`, match: { exact: '1' } }));
  return {
    ...(path === undefined ? {} : { path }),
    ...(method === undefined ? {} : { method: { exact: method } }),
    headers: named(headers),
    queryParameters: named(queryParameters),
  };
}

const paths = (routes: readonly Route[]) => bySpecificity(routes).map(({ match: found }) => found?.http.path);

describe('the order of rules of the Gateway API', () => {
  it('is exact paths, longer prefixes, regular expressions, then what takes every path', () => {
    const written: RoutePathMatch[] = [
      { segments: '/' },
      { regex: '/v[0-9]+' },
      { segments: '/a' },
      { exact: '/a' },
      { segments: '/a/b' },
    ];
    expect(
      paths([
        route(
          'r',
          written.map((path) => match(path)),
        ),
      ]),
    ).toEqual([{ exact: '/a' }, { segments: '/a/b' }, { segments: '/a' }, { regex: '/v[0-9]+' }, { segments: '/' }]);
  });

  it('asks for a method before headers, and for headers before query parameters', () => {
    const path = { segments: '/a' };
    const inOrder = [match(path, 0, 0, 'GET'), match(path, 2), match(path, 1, 3), match(path, 1), match(path, 0, 1)];
    const found = bySpecificity([route('r', [...inOrder].reverse())]).map(({ match: one }) => one?.http);
    expect(found).toEqual(inOrder);
  });

  it('lets the older route go first where conditions are equal, then the one first by namespace and name, then the order', () => {
    const path = match({ segments: '/' });
    const routes = [
      route('b', [path], { createdAtMs: 1 }),
      route('a', [path, path], { createdAtMs: 2, namespace: 'z' }),
      route('z', [path], { createdAtMs: 2, namespace: 'a' }),
    ];
    const found = bySpecificity(routes).map(({ owner, rule }) => `${owner.name}${owner.rules.indexOf(rule)}`);
    expect(found).toEqual(['b0', 'z0', 'a0', 'a1']);
  });

  it('prefers a method of a gRPC service to the service, and a service to a method of any', () => {
    const written: RoutePathMatch[] = [
      { regex: '/[^/]+/Get' },
      { prefix: '/shop.Stock/' },
      { exact: '/shop.Stock/Get' },
    ];
    expect(
      paths([
        route(
          'g',
          written.map((path) => match(path)),
          { routeKind: 'GRPCRoute' },
        ),
      ]),
    ).toEqual([{ exact: '/shop.Stock/Get' }, { prefix: '/shop.Stock/' }, { regex: '/[^/]+/Get' }]);
  });
});

interface Request {
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly parameters: readonly string[];
}

function takesPath(path: RoutePathMatch | undefined, actual: string): boolean {
  if (path === undefined || 'present' in path) return true;
  if ('exact' in path) return actual === path.exact;
  if ('prefix' in path) return actual.startsWith(path.prefix);
  if ('regex' in path) return new RegExp(`^(?:${path.regex})$`).test(actual);
  return path.segments === '/' || actual === path.segments || actual.startsWith(`${path.segments}/`);
}

function takes({ match: found }: Alternative, request: Request): boolean {
  if (found === undefined) return true;
  const { path, method, headers, queryParameters } = found.http;
  return (
    takesPath(path, request.path) &&
    (method === undefined || ('exact' in method && method.exact === request.method)) &&
    headers.every(({ name }) => request.headers.includes(name)) &&
    queryParameters.every(({ name }) => request.parameters.includes(name))
  );
}

/** What the specification asks for, as it is written there: each criterion narrows what the ones before it have left. */
function bySpecification(all: readonly Alternative<Route>[], request: Request): Alternative<Route> | undefined {
  const best = <T>(of: readonly T[], value: (one: T) => number) => {
    const most = Math.max(...of.map(value));
    return of.filter((one) => value(one) === most);
  };
  const prefixOf = (one: Alternative) => {
    const path = one.match?.http.path;
    if (path === undefined) return 0;
    return 'segments' in path && path.segments !== '/' ? path.segments.length : 0;
  };
  const isExact = (one: Alternative) => (one.match?.http.path !== undefined && 'exact' in one.match.http.path ? 1 : 0);
  let left = all.filter((one) => takes(one, request));
  left = best(left, isExact);
  left = best(left, prefixOf);
  left = best(left, (one) => (one.match?.http.method === undefined ? 0 : 1));
  left = best(left, (one) => one.match?.http.headers.length ?? 0);
  left = best(left, (one) => one.match?.http.queryParameters.length ?? 0);
  left = best(left, ({ owner }) => -(owner.createdAtMs ?? 0));
  const [first] = [...left].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
  return first;
}

const nameOf = ({ owner }: Alternative) => `${owner.namespace}/${owner.name}`;

const arbitraryPath = fc.constantFrom<RoutePathMatch | undefined>(
  undefined,
  { segments: '/' },
  { segments: '/a' },
  { segments: '/a/b' },
  { segments: '/ab' },
  { exact: '/a' },
  { exact: '/a/b' },
);
const arbitraryMatch = fc
  .tuple(arbitraryPath, fc.nat(2), fc.nat(2), fc.constantFrom(undefined, 'GET', 'PUT'))
  .map(([path, headers, parameters, method]) => match(path, headers, parameters, method));
const arbitraryRoutes = fc
  .array(fc.tuple(fc.array(arbitraryMatch, { maxLength: 4 }), fc.nat(2), fc.constantFrom('a', 'b')), { maxLength: 4 })
  .map((all) =>
    all.map(([matches, createdAtMs, namespace], index) => route(`r${index}`, matches, { createdAtMs, namespace })),
  );
const arbitraryRequest = fc.record<Request>({
  path: fc.constantFrom('/', '/a', '/a/b', '/ab', '/c'),
  method: fc.constantFrom('GET', 'PUT', 'POST'),
  headers: fc.subarray(['x-0', 'x-1']),
  parameters: fc.subarray(['x-0', 'x-1']),
});

describe('the order of any rules', () => {
  it('lets the first that takes a request be the one that the specification chooses', () => {
    const property = fc.property(arbitraryRoutes, arbitraryRequest, (routes, request) => {
      const ordered = bySpecificity(routes);
      expect(ordered.find((one) => takes(one, request))).toEqual(bySpecification(ordered, request));
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('does not depend on the order in which routes come', () => {
    const property = fc.property(arbitraryRoutes, (routes) => {
      expect(bySpecificity([...routes].reverse())).toEqual(bySpecificity(routes));
    });
    fc.assert(property);
  });

  it('has every condition once, and those of one route in their order where nothing tells them apart', () => {
    const property = fc.property(arbitraryRoutes, (routes) => {
      const ordered = bySpecificity(routes);
      expect(ordered).toHaveLength(routes.flatMap(({ rules }) => rules).length);
      for (const one of routes) {
        const equal = bySpecificity([one]).map(({ rule }) => one.rules.indexOf(rule));
        const kept = ordered.filter(({ owner }) => owner === one).map(({ rule }) => one.rules.indexOf(rule));
        expect(kept).toEqual(equal);
      }
    });
    fc.assert(property);
  });
});
