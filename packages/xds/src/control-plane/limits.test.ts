import { systemClock } from '@meshwise/core';
import type { RoutePlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEADLINE_HEADER } from '../envoy/deadlines.ts';
import { connectionTo } from './testing/connection.ts';
import { ENVOY } from './testing/envoy.ts';
import { echoOf } from './testing/http.ts';
import { forwardRoute, inboundPort, origin } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1 } from './testing/reviews-mesh.ts';
import type { Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 78;
const HOUR_MS = 3_600_000;

function bucket(tokens: number) {
  return { tokens, tokensPerFill: tokens, fillIntervalMs: HOUR_MS, origin: origin('TrafficPolicy') };
}

describe.skipIf(ENVOY === undefined)('what TrafficPolicies add (004-20, 004-117)', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let v1: Pod;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    ({ mesh, v1 } = reviews);
  });
  afterAll(async () => {
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  const statuses = async (count: number) => {
    const found: number[] = [];
    for (let index = 0; index < count; index += 1) found.push((await reviews.get()).status);
    return found;
  };

  test('TrafficPolicy rateLimit.local.requests refuses what is over, on a connection that is open already', async () => {
    const open = connectionTo(reviews.client.podIp, 15_002);
    const request = `GET http://reviews:${PORT}/ HTTP/1.1\r\nHost: reviews:${PORT}\r\n\r\n`;
    expect(await open.ask(request)).toMatch(/^HTTP\/1\.1 200/);
    mesh.setInbound(v1, [inboundPort(PORT, { localRateLimit: bucket(3) })]);
    await reviews.settled(v1);
    const answers = [
      await open.ask(request),
      await open.ask(request),
      await open.ask(request),
      await open.ask(request),
    ];
    expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['200', '200', '200', '429']);
    expect(answers[0]).toMatch(/x-ratelimit-remaining: 2/i);
    open.close();
    mesh.setInbound(v1, [inboundPort(PORT)]);
    await reviews.settled(v1);
    expect(await statuses(1)).toEqual([200]);
  });

  test('TrafficPolicy rateLimit.local.status is the status of the refusal', async () => {
    mesh.setInbound(v1, [inboundPort(PORT, { localRateLimit: { ...bucket(1), status: 503 } })]);
    await reviews.settled(v1);
    expect(await statuses(2)).toEqual([200, 503]);
    mesh.setInbound(v1, [inboundPort(PORT)]);
    await reviews.settled(v1);
  });

  test('a local limit of a route holds for that route alone', async () => {
    const slow: RoutePlan = {
      ...forwardRoute([V1, 1]),
      match: { path: { prefix: '/limited' }, headers: [], queryParameters: [] },
      limits: { local: bucket(2) },
    };
    await reviews.route(slow, forwardRoute([V1, 1]));
    const limited = [];
    for (let index = 0; index < 3; index += 1) limited.push((await reviews.get('/limited')).status);
    expect(limited).toEqual([200, 200, 429]);
    expect(await statuses(3)).toEqual([200, 200, 200]);
  });

  test('TrafficPolicy deadline gives every request a budget and passes on what is left of it', async () => {
    mesh.setOutbound({ functions: { deadlines: true } });
    const budgetMs = 60_000;
    await reviews.route({ ...forwardRoute([V1, 1]), limits: { deadline: { budgetMs, origin: origin() } } });
    const before = systemClock.nowMs();
    const { headers } = echoOf(await reviews.get());
    const deadline = Number(headers[DEADLINE_HEADER]);
    expect(deadline).toBeGreaterThanOrEqual(before + budgetMs);
    expect(deadline).toBeLessThanOrEqual(systemClock.nowMs() + budgetMs);
  });

  test('a deadline that a request brings is never made longer, and one that is over is answered at once', async () => {
    const brought = String(systemClock.nowMs() + 5_000);
    expect(echoOf(await reviews.get('/', { [DEADLINE_HEADER]: brought })).headers[DEADLINE_HEADER]).toBe(brought);
    const short = String(systemClock.nowMs() + 40);
    expect((await reviews.get('/slow', { [DEADLINE_HEADER]: short })).status).toBe(504);
    const late = await reviews.get('/', { [DEADLINE_HEADER]: String(systemClock.nowMs() - 1) });
    expect(late).toMatchObject({ status: 504, body: 'deadline exceeded' });
  });

  test('the shorter of the deadline and the timeout of the route holds', async () => {
    const timed = (timeoutMs: number, budgetMs: number): RoutePlan => ({
      match: { headers: [], queryParameters: [] },
      action: { kind: 'forward', destinations: [{ cluster: V1, weight: 1 }], timeoutMs },
      limits: { deadline: { budgetMs, origin: origin() } },
      origin: origin(),
    });
    await reviews.route(timed(40, 60_000));
    expect((await reviews.get('/slow')).status).toBe(504);
    await reviews.route(timed(60_000, 40));
    expect((await reviews.get('/slow')).status).toBe(504);
    await reviews.route(timed(60_000, 60_000));
    expect((await reviews.get('/slow')).status).toBe(200);
  });

  test('without a deadline in the mesh nobody looks for one', async () => {
    await reviews.route(forwardRoute([V1, 1]));
    mesh.setOutbound({ functions: {} });
    await reviews.settled(reviews.client);
    expect(echoOf(await reviews.get('/', { [DEADLINE_HEADER]: '1' })).headers[DEADLINE_HEADER]).toBe('1');
  });
});
