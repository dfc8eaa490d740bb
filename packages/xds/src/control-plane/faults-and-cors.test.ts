import { isPlausible } from '@meshwise/core/testing';
import type { CorsPolicy, Fault } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENVOY } from './testing/envoy.ts';
import { callThrough, echoOf } from './testing/http.ts';
import { forwardRoute } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1 } from './testing/reviews-mesh.ts';

const SUBNET = 93;

describe.skipIf(ENVOY === undefined)('VirtualService http.fault and http.corsPolicy on Envoy (000-32)', () => {
  let reviews: ReviewsMesh;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
  });
  afterAll(async () => {
    await reviews?.mesh.stop();
    expect(reviews.mesh.rejections).toEqual([]);
  });

  const withFault = (fault: Fault) => reviews.route({ ...forwardRoute([V1, 1]), fault });

  test('VirtualService http.fault.delay.fixedDelay holds requests back', async () => {
    await withFault({ delay: { durationMs: 300, percent: 100 } });
    const start = performance.now();
    expect((await reviews.get()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(299);
  });

  test('VirtualService http.fault.abort.httpStatus answers in place of the program', async () => {
    await withFault({ abort: { httpStatus: 599, percent: 100 } });
    expect((await reviews.get()).status).toBe(599);
  });

  test('VirtualService http.fault.abort.grpcStatus is for gRPC', async () => {
    await withFault({ abort: { grpcStatus: 14, percent: 100 } });
    const { headers } = await reviews.get('/', { 'content-type': 'application/grpc' });
    expect(headers['grpc-status']).toBe('14');
  });

  test('VirtualService http.fault percentages hit their share, and tiny ones next to nothing', async () => {
    const hits = async (percent: number) => {
      await withFault({ abort: { httpStatus: 418, percent } });
      let count = 0;
      for (let index = 0; index < 250; index += 1) if ((await reviews.get()).status === 418) count += 1;
      return count;
    };
    const third = await hits(33.3);
    expect(isPlausible(third, 250, 0.333), `${third} of 250`).toBe(true);
    const few = await hits(0.0001);
    expect(isPlausible(few, 250, 0.000001), `${few} of 250`).toBe(true);
  });

  const withCors = (cors: Partial<CorsPolicy>) => {
    const nothing = { allowOrigins: [], allowMethods: [], allowHeaders: [], exposeHeaders: [] };
    return reviews.route({ ...forwardRoute([V1, 1]), cors: { ...nothing, ...cors } });
  };
  const preflight = (from: string) =>
    callThrough(reviews.client.podIp, `http://reviews:${PORT}/`, {
      method: 'OPTIONS',
      headers: { origin: from, 'access-control-request-method': 'PUT' },
    });

  test('VirtualService http.corsPolicy: a preflight of an allowed origin is answered with all that is allowed', async () => {
    await withCors({
      allowOrigins: [{ exact: 'http://a' }, { prefix: 'http://b.' }, { regex: 'http://c[0-9]' }],
      allowMethods: ['GET', 'PUT'],
      allowHeaders: ['x-a', 'x-b'],
      exposeHeaders: ['x-c'],
      maxAgeMs: 86_400_000,
      allowCredentials: true,
    });
    for (const from of ['http://a', 'http://b.example', 'http://c1']) {
      const { status, headers } = await preflight(from);
      expect([status, headers]).toMatchObject([
        200,
        {
          'access-control-allow-origin': from,
          'access-control-allow-methods': 'GET,PUT',
          'access-control-allow-headers': 'x-a,x-b',
          'access-control-max-age': '86400',
          'access-control-allow-credentials': 'true',
        },
      ]);
    }
    const simple = await reviews.get('/', { origin: 'http://a' });
    expect(simple.headers).toMatchObject({
      'access-control-allow-origin': 'http://a',
      'access-control-expose-headers': 'x-c',
    });
    expect((await reviews.get('/', { origin: 'http://z' })).headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('VirtualService http.corsPolicy.unmatchedPreflights: forwarded unless ignored', async () => {
    await withCors({ allowOrigins: [{ exact: 'http://a' }] });
    expect(echoOf(await preflight('http://z')).program).toBe('reviews-v1');
    await withCors({ allowOrigins: [{ exact: 'http://a' }], unmatchedPreflights: 'ignore' });
    const ignored = await preflight('http://z');
    expect([ignored.status, ignored.body]).toEqual([200, '']);
    expect(ignored.headers).not.toHaveProperty('access-control-allow-origin');
  });
});
