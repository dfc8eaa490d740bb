import * as fc from 'fast-check';

/** Parts of random rules. The pools are small, so that rules overlap and requests meet them. */
const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
export const PATHS = ['/', '/a', '/a/b', '/a/b/c', '/b', '/A', '/ab', '/a/', '/v1/x', '/v2/x'];
export const USERS = ['ann', 'anna', 'bob', ''];
export const LANGUAGES = ['en', 'de', 'en-GB'];

const text = (exact: readonly string[], regex: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...exact).map((value) => ({ exact: value })),
    fc.constantFrom(...exact.filter((value) => value !== '')).map((value) => ({ prefix: value })),
    fc.constantFrom(...regex).map((value) => ({ regex: value })),
  );
const uri = text(['/', '/a', '/a/b', '/b', '/a/', '/v1/x'], ['/v[0-9]+/.*', '/a.*', '/(a|b)', '/[^/]*/b(/.*)?']);
const user = fc.oneof(text(['ann', 'bob'], ['a.*', '.+']), fc.constant({}));
const language = fc.oneof(text(['en', 'de'], ['en.*', '[a-z]{2}']), fc.constant({}));

export const match = fc
  .record({
    uri: sometimes(uri),
    ignoreUriCase: sometimes(fc.constant(true)),
    method: sometimes(text(['GET', 'POST'], ['P.*'])),
    headers: sometimes(user.map((value) => ({ 'x-user': value }))),
    withoutHeaders: sometimes(user.map((value) => ({ 'x-role': value }))),
    queryParams: sometimes(language.map((value) => ({ lang: value }))),
    port: sometimes(fc.constantFrom(80, 9090)),
    sourceLabels: sometimes(fc.constantFrom({ app: 'client' }, { app: 'other' }, { version: 'v1', tier: 'front' })),
    sourceNamespace: sometimes(fc.constantFrom('shop', 'billing')),
    gateways: sometimes(fc.constantFrom(['mesh'], ['istio-system/edge'])),
  })
  .map((parts) => {
    const kept = Object.entries(parts).filter(([, value]) => value !== undefined);
    return Object.fromEntries(kept.length > 3 ? kept.slice(0, 3) : kept);
  });

const operations = fc
  .record({
    set: sometimes(fc.constantFrom({ 'x-set': 'by the mesh' }, { 'x-user': 'replaced' })),
    add: sometimes(fc.constantFrom({ 'x-added': 'by the mesh' }, { 'x-user': 'added' })),
    remove: sometimes(fc.constantFrom(['x-user'], ['x-backend'])),
  })
  .map(defined);

/** Where all requests arrive at one pod, so that one request tells. */
const single = fc.constantFrom(
  ...['details', 'orders', 'users', 'reviews.billing'].map((name) => ({ host: fullName(name) })),
  ...['v1', 'v2', 'v3'].map((subset) => ({ host: fullName('reviews'), subset })),
  ...['v1', 'v2'].map((subset) => ({ host: fullName('ratings'), subset })),
  { host: fullName('details'), port: { number: 9090 } },
  { host: fullName('nobody') },
  { host: fullName('reviews'), subset: 'v9' },
);

function fullName(name: string): string {
  return `${name.includes('.') ? name : `${name}.shop`}.svc.cluster.local`;
}

const forward = fc
  .record({
    destination: single,
    rewrite: sometimes(
      fc.constantFrom(
        { uri: '/rewritten' },
        { uri: '/' },
        { authority: 'other.example.com' },
        { uri: '/x', authority: 'x.example.com' },
      ),
    ),
    timeout: sometimes(fc.constantFrom('0.5s', '5s')),
    retries: sometimes(
      fc.constantFrom(
        { attempts: 0 },
        { attempts: 1, retryOn: '5xx' },
        { attempts: 3, retryOn: 'gateway-error,reset' },
        { attempts: 2, perTryTimeout: '0.4s' },
      ),
    ),
    fault: sometimes(
      fc.constantFrom(
        { abort: { httpStatus: 418, percentage: { value: 100 } } },
        { abort: { httpStatus: 418, percentage: { value: 0 } } },
        { delay: { fixedDelay: '0.5s', percentage: { value: 100 } } },
      ),
    ),
    mirror: sometimes(fc.constant({ host: fullName('reviews'), subset: 'v3' })),
    headers: sometimes(fc.record({ request: sometimes(operations), response: sometimes(operations) }).map(defined)),
    corsPolicy: sometimes(
      fc.constantFrom(
        { allowOrigins: [{ exact: 'https://a.example.com' }], allowMethods: ['POST'] },
        { allowOrigins: [{ regex: '.*' }] },
      ),
    ),
  })
  .map(({ destination, ...rest }) => {
    const kept = Object.entries(rest).filter(([, value]) => value !== undefined);
    return { route: [{ destination }], ...Object.fromEntries(kept.slice(0, 3)) };
  });

const answer = fc.oneof(
  fc.record({
    redirect: fc.constantFrom(
      { uri: '/new' },
      { authority: 'new.example.com', redirectCode: 302 },
      { scheme: 'https' },
      { uri: '/new', port: 8443 },
    ),
  }),
  fc.record({ directResponse: fc.constantFrom({ status: 204 }, { status: 409, body: { string: 'no' } }) }),
  fc.record({ delegate: fc.constantFrom({ name: 'part', namespace: 'shop' }, { name: 'nobody', namespace: 'shop' }) }),
);

const shared = fc
  .tuple(fc.uniqueArray(single, { minLength: 2, maxLength: 3 }), fc.integer({ min: 1, max: 9 }))
  .map(([destinations, first]) => ({
    route: destinations.map((destination, index) => ({ destination, weight: index === 0 ? first : 5 })),
  }));

/** One rule of a VirtualService; `isShared` when it divides requests, which then have to be many. */
export function rule(isShared: boolean): fc.Arbitrary<object> {
  const action = isShared
    ? fc.oneof({ weight: 1, arbitrary: forward }, { weight: 2, arbitrary: shared })
    : fc.oneof({ weight: 4, arbitrary: forward }, { weight: 1, arbitrary: answer });
  return fc
    .tuple(fc.array(match, { maxLength: 2 }), action)
    .map(([matches, rest]) => ({ ...(matches.length === 0 ? {} : { match: matches }), ...rest }));
}

function defined(parts: object): object {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
