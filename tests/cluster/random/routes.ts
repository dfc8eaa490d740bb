import * as fc from 'fast-check';
import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import { atEdge, backend, EDGE, parent } from '../fixtures/gateway-api/parts.ts';
import { enter, type Fixture, get, httpRoute, type Question } from '../support/fixture.ts';

/** Without what is known to differ (differences.ts): regular expressions for paths, and routes for several hosts. */
const sometimes = <T>(value: fc.Arbitrary<T>, freq = 2) => fc.option(value, { nil: undefined, freq });
const PATHS = ['/', '/a', '/a/b', '/a/b/c', '/ab', '/b', '/a/', '/A'];
const HOST = 'a.example.com';

const path = fc.record({
  type: fc.constantFrom('Exact', 'PathPrefix', 'PathPrefix'),
  value: fc.constantFrom('/', '/a', '/a/b', '/b', '/a/'),
});
const text = (name: string, exact: readonly string[], regex: string) =>
  fc.oneof(
    fc.constantFrom(...exact).map((value) => [{ name, value }]),
    fc.constant([{ type: 'RegularExpression', name, value: regex }]),
  );
const match = fc
  .record({
    path: sometimes(path, 4),
    method: sometimes(fc.constantFrom('GET', 'POST')),
    headers: sometimes(text('x-user', ['ann', 'bob'], 'an+a?')),
    queryParams: sometimes(text('q', ['a', 'b'], '[ab]+')),
  })
  .map(defined);

const OPERATIONS = {
  set: [{ name: 'x-set', value: 'a' }],
  add: [{ name: 'x-user', value: 'added' }],
  remove: ['x-role'],
};
const change = fc.constantFrom(
  { type: 'RequestHeaderModifier', requestHeaderModifier: OPERATIONS },
  { type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'x-backend', value: 'set' }] } },
  { type: 'RequestMirror', requestMirror: { backendRef: backend('marker:9090') } },
  { type: 'URLRewrite', urlRewrite: { hostname: 'new.example.com' } },
  { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/new' } } },
);
const target = fc.constantFrom('details', 'orders', 'users', 'details:9090', 'nobody');
const forward = fc
  .record({
    filters: sometimes(fc.uniqueArray(change, { minLength: 1, maxLength: 2, selector: ({ type }) => type })),
    backendRefs: target.map((one) => [backend(one)]),
    timeouts: sometimes(fc.constantFrom({ request: '5s' }, { request: '400ms' }, { backendRequest: '400ms' })),
  })
  .map(defined);
const redirect = fc
  .constantFrom(
    { hostname: 'new.example.com' },
    { scheme: 'https', statusCode: 301 },
    { path: { type: 'ReplaceFullPath', replaceFullPath: '/new' }, port: 8080 },
  )
  .map((requestRedirect) => ({ filters: [{ type: 'RequestRedirect', requestRedirect }] }));
const rule = fc
  .tuple(
    fc.array(match, { maxLength: 2 }),
    fc.oneof({ weight: 5, arbitrary: forward }, { weight: 1, arbitrary: redirect }),
  )
  .map(([matches, rest]) => ({ ...(matches.length === 0 ? {} : { matches }), ...rest }));

const parents = fc.constantFrom([atEdge()], [parent('reviews')], [parent('reviews'), atEdge()], [parent('ratings')]);
const routes: fc.Arbitrary<readonly KubeObject[]> = fc
  .array(fc.tuple(parents, fc.array(rule, { minLength: 1, maxLength: 4 })), { minLength: 1, maxLength: 3 })
  .map((found) => found.map(([parentRefs, rules], index) => httpRoute(`r${index}`, { parentRefs, rules })));

const question: fc.Arbitrary<Question> = fc
  .record({
    host: fc.constantFrom('reviews', 'ratings', HOST, HOST),
    path: fc.constantFrom(...PATHS),
    query: fc.constantFrom('', '', '?q=a', '?q=ab', '?q=c'),
    method: fc.constantFrom('GET', 'GET', 'POST'),
    user: fc.constantFrom(undefined, 'ann', 'anna', 'bob'),
    behave: fc.constantFrom(undefined, undefined, undefined, 'status=503;first=1', 'delay=700'),
  })
  .map(({ host, path: at, query, method, user, behave }) => {
    const options = {
      ...{ method, headers: user === undefined ? {} : { 'x-user': user } },
      ...(behave === undefined ? {} : { behave }),
    };
    return host === HOST ? enter(`${host}${at}${query}`, options) : get(`${host}${at}${query}`, options);
  });

/** Random routes of the Gateway API, at services and at a Gateway, and random requests. */
export function randomRoutes(seed: number, count: number): readonly Fixture[] {
  const fixture = fc.tuple(routes, fc.array(question, { minLength: 30, maxLength: 30 })).map(([found, questions]) => ({
    name: 'routes',
    fields: ['at random'],
    resources: [EDGE, ...found],
    questions,
  }));
  return fc.sample(fixture, { seed, numRuns: count });
}

function defined(parts: object): object {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
