import type { RouteAction, SessionPersistence, WeightedCluster } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from './testing/envoy.ts';
import { type Answer, echoOf } from './testing/http.ts';
import { anyRequest, clusterName, clusterPlan, endpointPlan, origin } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1, V2 } from './testing/reviews-mesh.ts';

const SUBNET = 142;
/** Both versions together. */
const BOTH = clusterName('reviews', PORT);
const COOKIE: SessionPersistence = { kind: 'cookie', name: 'session', path: '/' };
const REQUESTS = 30;

describe.skipIf(ENVOY === undefined)('HTTPRoute rules.sessionPersistence on Envoy', () => {
  let reviews: ReviewsMesh;

  const bothEndpoints = () => [reviews.v1, reviews.v2].map(({ podIp }) => endpointPlan(podIp, PORT));
  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    const { mesh } = reviews;
    mesh.setOutbound({ clusters: [...mesh.outbound.clusters, clusterPlan('reviews', PORT, { name: BOTH })] });
    await reviews.endpoints(BOTH, ...bothEndpoints());
  });
  afterAll(async () => {
    await reviews?.mesh.stop();
    expect(reviews.mesh.rejections).toEqual([]);
  });

  const route = (sessionPersistence: SessionPersistence, ...destinations: readonly WeightedCluster[]) => {
    const action: RouteAction = { kind: 'forward', destinations, sessionPersistence };
    return reviews.route({ match: anyRequest, action, origin: origin() });
  };
  /** What a browser sends with its next request. */
  const cookiesOf = (answer: Answer) =>
    (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '');
  const programs = async (headers: Readonly<Record<string, string>>) => {
    const seen = new Set<string>();
    for (let index = 0; index < REQUESTS; index += 1) seen.add(echoOf(await reviews.get('/', headers)).program);
    return [...seen].sort();
  };

  test('HTTPRoute rules.sessionPersistence.type Cookie: a session stays at its endpoint, sessionName names it', async () => {
    await route(COOKIE, { cluster: BOTH, weight: 1 });
    expect(await programs({})).toEqual(['reviews-v1', 'reviews-v2']);
    for (let session = 0; session < 4; session += 1) {
      const first = await reviews.get();
      expect(first.headers['set-cookie']).toEqual([expect.stringMatching(/^session="?[^;]+; Path=\/; HttpOnly$/)]);
      expect(await programs({ cookie: cookiesOf(first).join('; ') })).toEqual([echoOf(first).program]);
    }
  });

  test('HTTPRoute rules.sessionPersistence.absoluteTimeout is how long the cookie lasts', async () => {
    await route({ ...COOKIE, lifetimeMs: 3_600_000 }, { cluster: BOTH, weight: 1 });
    expect((await reviews.get()).headers['set-cookie']?.[0]).toMatch(/; Max-Age=3600; /);
  });

  test('HTTPRoute rules.sessionPersistence.type Header: the answer names the endpoint, and the client names it again', async () => {
    await route({ kind: 'header', name: 'x-session' }, { cluster: BOTH, weight: 1 });
    const first = await reviews.get();
    expect(await programs({ 'x-session': String(first.headers['x-session']) })).toEqual([echoOf(first).program]);
  });

  test('a session whose endpoint is gone goes on at another one', async () => {
    await route(COOKIE, { cluster: BOTH, weight: 1 });
    const first = await reviews.get();
    const cookie = cookiesOf(first).join('; ');
    const other = echoOf(first).program === 'reviews-v1' ? reviews.v2 : reviews.v1;
    await reviews.endpoints(BOTH, endpointPlan(other.podIp, PORT));
    const next = await reviews.get('/', { cookie });
    expect([next.status, echoOf(next).program]).not.toContain(echoOf(first).program);
    expect(cookiesOf(next)).not.toEqual([cookie]);
    await reviews.endpoints(BOTH, ...bothEndpoints());
  });

  test('HTTPRoute rules.sessionPersistence stays in its share where traffic is split, and when weights change', async () => {
    const split = (...weights: readonly [number, number]) =>
      route(COOKIE, { cluster: V1, weight: weights[0] }, { cluster: V2, weight: weights[1] });
    await split(1, 1);
    expect(await programs({})).toEqual(['reviews-v1', 'reviews-v2']);
    const sessions = new Map<string, string>();
    for (let session = 0; session < 24; session += 1) {
      const first = await reviews.get();
      const cookie = ['a=b', ...cookiesOf(first), 'c=d'].join('; ');
      expect(await programs({ cookie })).toEqual([echoOf(first).program]);
      sessions.set(echoOf(first).program, cookie);
    }
    expect([...sessions.keys()].sort()).toEqual(['reviews-v1', 'reviews-v2']);
    await split(1, 1_000_000);
    for (const [program, cookie] of sessions) expect(await programs({ cookie })).toEqual([program]);
    await split(0, 1);
    for (const cookie of sessions.values()) expect(await programs({ cookie })).toEqual(['reviews-v2']);
  });

  test('routes without sessions set no cookie', async () => {
    await reviews.route({
      match: anyRequest,
      action: { kind: 'forward', destinations: [{ cluster: BOTH, weight: 1 }] },
      origin: origin(),
    });
    expect((await reviews.get()).headers).not.toHaveProperty('set-cookie');
  });
});
