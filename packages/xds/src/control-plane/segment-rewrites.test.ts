import { isPlausible } from '@meshwise/core/testing';
import type { CorsPolicy, RouteAction, RoutePlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from './testing/envoy.ts';
import { callThrough, echoOf } from './testing/http.ts';
import { anyRequest, origin, virtualHostPlan } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1, V2 } from './testing/reviews-mesh.ts';

const SUBNET = 141;

type Forward = Extract<RouteAction, { kind: 'forward' }>;
type Redirect = Extract<RouteAction, { kind: 'redirect' }>;

/** The examples of the API (HTTPPathModifier, `replacePrefixMatch`), and prefixes that are nothing but a slash. */
const REPLACED: readonly (readonly [path: string, prefix: string, replacement: string, result: string])[] = [
  ['/foo/bar', '/foo', '/xyz', '/xyz/bar'],
  ['/foo/bar', '/foo', '/xyz/', '/xyz/bar'],
  ['/foo/bar', '/foo/', '/xyz', '/xyz/bar'],
  ['/foo/bar', '/foo/', '/xyz/', '/xyz/bar'],
  ['/foo', '/foo', '/xyz', '/xyz'],
  ['/foo/', '/foo', '/xyz', '/xyz/'],
  ['/foo/bar', '/foo', '', '/bar'],
  ['/foo/', '/foo', '', '/'],
  ['/foo', '/foo', '', '/'],
  ['/foo/', '/foo', '/', '/'],
  ['/foo', '/foo', '/', '/'],
  ['/foo/bar', '/foo', '/', '/bar'],
  ['/f.o+/bar', '/f.o+', '/', '/bar'],
  ['/bar', '/', '/xyz', '/xyz/bar'],
  ['/', '/', '/xyz', '/xyz/'],
  ['/bar', '/', '/', '/bar'],
];

describe.skipIf(ENVOY === undefined)('HTTPRoute rules on Envoy (000-31)', () => {
  let reviews: ReviewsMesh;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
  });
  afterAll(async () => {
    await reviews?.mesh.stop();
    expect(reviews.mesh.rejections).toEqual([]);
  });

  const act = (action: RouteAction, match: RoutePlan['match'] = anyRequest) =>
    reviews.route({ match, action, origin: origin() });
  const to = (more: Partial<Forward> = {}): Forward => ({
    kind: 'forward',
    destinations: [{ cluster: V1, weight: 1 }],
    ...more,
  });
  const under = (segments: string) => ({ ...anyRequest, path: { segments } });

  test('HTTPRoute rules.matches.path PathPrefix ends where a segment does', async () => {
    await act(to(), under('/foo/'));
    const statuses = await Promise.all(
      ['/foo', '/foo/', '/foo/bar', '/foobar', '/fo'].map((path) => reviews.get(path)),
    );
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 404, 404]);
  });

  test('HTTPRoute rules.filters.urlRewrite.path.replacePrefixMatch replaces segments', async () => {
    for (const [path, prefix, replacement, result] of REPLACED) {
      await act(to({ rewrite: { path: replacement } }), under(prefix));
      const { url } = echoOf(await reviews.get(`${path}?q=1`));
      expect([path, prefix, replacement, url]).toEqual([path, prefix, replacement, `${result}?q=1`]);
    }
  });

  test('HTTPRoute rules.filters.requestRedirect.path.replacePrefixMatch replaces segments', async () => {
    for (const [path, prefix, replacement, result] of REPLACED) {
      await act({ kind: 'redirect', status: 302, pathPrefix: replacement }, under(prefix));
      const { headers } = await reviews.get(`${path}?q=1`);
      const location = `http://reviews:${PORT}${result}?q=1`;
      expect([path, prefix, replacement, headers.location]).toEqual([path, prefix, replacement, location]);
    }
  });

  test('HTTPRoute rules.filters.urlRewrite.path.replaceFullPath leaves nothing of the path but its query', async () => {
    const pathRegex = { pattern: '^.*$', substitution: '/new' };
    await act(to({ rewrite: { pathRegex } }), under('/foo'));
    expect(echoOf(await reviews.get('/foo/bar?q=1')).url).toBe('/new?q=1');
  });

  test.each<readonly [Partial<Redirect>, host: string, location: string]>([
    [{ scheme: 'https', port: 443 }, 'reviews', 'https://reviews/x'],
    [{ scheme: 'https', port: 443 }, 'reviews:80', 'https://reviews:443/x'],
    [{ scheme: 'http', port: 80 }, 'reviews', 'http://reviews/x'],
    [{ scheme: 'https', port: 8443 }, 'reviews', 'https://reviews:8443/x'],
    [{ scheme: 'https', port: 443, authority: 'elsewhere' }, 'reviews:80', 'https://elsewhere/x'],
    [{ scheme: 'http', port: 8080, authority: 'elsewhere' }, 'reviews', 'http://elsewhere:8080/x'],
  ])('HTTPRoute rules.filters.requestRedirect: scheme, port and hostname %j of %s', async (change, host, location) => {
    const route: RoutePlan = {
      match: anyRequest,
      action: { kind: 'redirect', status: 302, ...change },
      origin: origin(),
    };
    // Where requests need not name the port.
    reviews.mesh.setOutbound({ httpPorts: [{ port: 80, virtualHosts: [virtualHostPlan('reviews', 80, [route])] }] });
    await reviews.settled(reviews.client);
    const answer = await callThrough(reviews.client.podIp, `http://${host}/x`);
    expect([answer.status, answer.headers.location]).toEqual([302, location]);
  });

  test('HTTPRoute rules.filters.cors: maxAge, allowOrigins by a wildcard; other origins are answered and allowed nothing', async () => {
    const cors: CorsPolicy = {
      allowOrigins: [{ regex: 'https://[^/:]+\\.a\\.example' }],
      allowMethods: ['GET', 'PUT'],
      allowHeaders: ['x-a'],
      exposeHeaders: ['x-b'],
      maxAgeMs: 5_000,
      allowCredentials: true,
      unmatchedPreflights: 'ignore',
    };
    await reviews.route({ match: anyRequest, action: to(), cors, origin: origin() });
    const preflight = (from: string) =>
      callThrough(reviews.client.podIp, `http://reviews:${PORT}/`, {
        method: 'OPTIONS',
        headers: { origin: from, 'access-control-request-method': 'PUT' },
      });
    expect((await preflight('https://b.c.a.example')).headers).toMatchObject({
      'access-control-allow-origin': 'https://b.c.a.example',
      'access-control-allow-methods': 'GET,PUT',
      'access-control-allow-headers': 'x-a',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '5',
    });
    for (const from of ['http://b.a.example', 'https://b.a.example:8443', 'https://a.example.evil']) {
      const { status, headers, body } = await preflight(from);
      expect([from, status, body]).toEqual([from, 200, '']);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('HTTPRoute rules.filters.requestHeaderModifier.set: a percent sign means itself', async () => {
    const requestHeaders = { set: { 'x-a': '50%% of %%REQ(x-b)%%' }, add: {}, remove: [] };
    await reviews.route({ match: anyRequest, action: to(), requestHeaders, origin: origin() });
    expect(echoOf(await reviews.get('/', { 'x-b': '1' })).headers['x-a']).toBe('50% of %REQ(x-b)%');
  });

  test('HTTPRoute rules.backendRefs that are refused get 500 for exactly their share', async () => {
    const refused = { cluster: 'refused|9080||gone.default.svc.cluster.local', weight: 3, refusesWith: 500 as const };
    await act(
      to({
        destinations: [{ cluster: V1, weight: 4 }, refused, { cluster: V2, weight: 3 }],
      }),
    );
    const seen = new Map<string, number>();
    for (let index = 0; index < 400; index += 1) {
      const answer = await reviews.get();
      const from = answer.status === 200 ? echoOf(answer).program : String(answer.status);
      seen.set(from, (seen.get(from) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(['500', 'reviews-v1', 'reviews-v2']);
    for (const [from, share] of [
      ['500', 0.3],
      ['reviews-v1', 0.4],
      ['reviews-v2', 0.3],
    ] as const) {
      expect(isPlausible(seen.get(from) ?? 0, 400, share), `${from}: ${seen.get(from)} of 400`).toBe(true);
    }
    await act(to({ destinations: [refused, { ...refused, cluster: 'refused|2||b' }] }));
    expect((await reviews.get()).status).toBe(500);
  });

  test('GRPCRoute rules.backendRefs that are refused are UNAVAILABLE to their callers', async () => {
    await act(to({ destinations: [{ cluster: 'refused|1||a', weight: 1, refusesWith: 503 }] }));
    const alone = await reviews.get('/', { 'content-type': 'application/grpc' });
    expect([alone.status, alone.headers['grpc-status']]).toEqual([200, '14']);
    await act(
      to({
        destinations: [
          { cluster: 'refused|1||a', weight: 1_000_000, refusesWith: 503 },
          { cluster: V1, weight: 1 },
        ],
      }),
    );
    const { headers } = await reviews.get('/', { 'content-type': 'application/grpc' });
    expect(headers['grpc-status']).toBe('14');
  });

  test('a refused share keeps the delay of its route', async () => {
    const refused = { cluster: 'refused|1||a', weight: 1_000_000, refusesWith: 500 as const };
    await reviews.route({
      match: anyRequest,
      action: to({ destinations: [refused, { cluster: V1, weight: 1 }] }),
      fault: { delay: { durationMs: 300, percent: 100 } },
      origin: origin(),
    });
    const start = performance.now();
    expect((await reviews.get()).status).toBe(500);
    expect(performance.now() - start).toBeGreaterThanOrEqual(299);
  });
});
