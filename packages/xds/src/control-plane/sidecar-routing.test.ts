import { isPlausible } from '@meshwise/core/testing';
import type { RoutePlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statName } from '../envoy/stat-name.ts';
import { connectionTo } from './testing/connection.ts';
import { ENVOY } from './testing/envoy.ts';
import { echoOf, eventually } from './testing/http.ts';
import { anyRequest, clusterPlan, endpointPlan, forwardRoute, inboundPort, origin } from './testing/plans.ts';
import { PORT, ReviewsMesh, V1, V2 } from './testing/reviews-mesh.ts';
import type { Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 74;

describe.skipIf(ENVOY === undefined)('sidecars and where requests go (000-31, 001-41)', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let client: Pod;
  let v2: Pod;

  beforeAll(async () => {
    reviews = await ReviewsMesh.start(SUBNET);
    ({ mesh, client, v2 } = reviews);
  });
  afterAll(async () => {
    await mesh?.stop();
    expect(mesh.rejections).toEqual([]);
  });

  test('split traffic 80 to 20', async () => {
    await reviews.route(forwardRoute([V1, 80], [V2, 20]));
    const total = 500;
    let toV1 = 0;
    for (let index = 0; index < total; index += 1) {
      if (echoOf(await reviews.get()).program === 'reviews-v1') toV1 += 1;
    }
    expect(isPlausible(toV1, total, 0.8), `${toV1} of ${total}`).toBe(true);
  });

  test('route by header, and by its absence', async () => {
    const jason: RoutePlan = {
      ...forwardRoute([V2, 1]),
      match: { ...anyRequest, headers: [{ name: 'end-user', match: { exact: 'jason' } }] },
    };
    await reviews.route(jason, forwardRoute([V1, 1]));
    expect(echoOf(await reviews.get('/', { 'end-user': 'jason' })).program).toBe('reviews-v2');
    expect(echoOf(await reviews.get('/', { 'end-user': 'jasper' })).program).toBe('reviews-v1');
    const stranger: RoutePlan = {
      ...forwardRoute([V2, 1]),
      match: { ...anyRequest, headers: [{ name: 'end-user', match: { exact: 'jason' }, invert: true }] },
    };
    await reviews.route(stranger, forwardRoute([V1, 1]));
    expect(echoOf(await reviews.get()).program).toBe('reviews-v2');
    expect(echoOf(await reviews.get('/', { 'end-user': 'jason' })).program).toBe('reviews-v1');
  });

  test('inject a fault on a connection that is open already', async () => {
    await reviews.route(forwardRoute([V1, 1]));
    const open = connectionTo(client.podIp, 15_002);
    const request = `GET http://reviews:${PORT}/ HTTP/1.1\r\nHost: reviews:${PORT}\r\n\r\n`;
    expect(await open.ask(request)).toMatch(/^HTTP\/1\.1 200/);
    await reviews.route({ ...forwardRoute([V1, 1]), fault: { abort: { httpStatus: 418, percent: 100 } } });
    const answer = await open.ask(request);
    expect(answer).toMatch(/^HTTP\/1\.1 418/);
    expect(answer).toContain('fault filter abort');
    open.close();
    await reviews.route(forwardRoute([V1, 1]));
    expect((await reviews.get()).status).toBe(200);
  });

  test('rewrite, redirect, answer and change headers as the Plan says', async () => {
    const match = (prefix: string) => ({ ...anyRequest, path: { prefix } });
    await reviews.route(
      {
        match: match('/old'),
        action: {
          kind: 'forward',
          destinations: [{ cluster: V1, weight: 1 }],
          rewrite: { path: '/new', authority: 'other.example' },
        },
        requestHeaders: { set: { 'x-set': '100%' }, add: { 'x-add': 'b' }, remove: ['x-gone'] },
        responseHeaders: { set: { 'x-answer': 'yes' }, add: {}, remove: [] },
        origin: origin(),
      },
      {
        match: match('/moved'),
        action: { kind: 'redirect', authority: 'elsewhere.example', scheme: 'https', status: 308 },
        origin: origin(),
      },
      { match: match('/teapot'), action: { kind: 'respond', status: 418, body: 'short and stout' }, origin: origin() },
      { match: match('/nowhere'), action: { kind: 'forward', destinations: [] }, origin: origin() },
    );
    const rewritten = await reviews.get('/old/path', { 'x-gone': 'a', 'x-add': 'a', 'x-set': 'a' });
    expect(rewritten.headers['x-answer']).toBe('yes');
    const echo = echoOf(rewritten);
    expect(echo.url).toBe('/new/path');
    expect(echo.headers).toMatchObject({ host: 'other.example', 'x-set': '100%', 'x-add': 'a, b' });
    expect(echo.headers['x-gone']).toBeUndefined();
    const moved = await reviews.get('/moved/there');
    expect(moved.status).toBe(308);
    expect(moved.headers.location).toMatch(/^https:\/\/elsewhere\.example(:\d+)?\/moved\/there$/);
    expect(await reviews.get('/teapot')).toMatchObject({ status: 418, body: 'short and stout' });
    expect((await reviews.get('/nowhere')).status).toBe(500);
    expect((await reviews.get('/unmatched')).status).toBe(404);
    await reviews.route(forwardRoute([V1, 1]));
  });

  test('end a request after the timeout of its route, and none without', async () => {
    const slow: RoutePlan = {
      match: { ...anyRequest, path: { exact: '/slow' }, headers: [{ name: 'x-hurry', match: { present: true } }] },
      action: { kind: 'forward', destinations: [{ cluster: V1, weight: 1 }], timeoutMs: 50 },
      origin: origin(),
    };
    await reviews.route(slow, forwardRoute([V1, 1]));
    expect((await reviews.get('/slow', { 'x-hurry': '1' })).status).toBe(504);
    expect((await reviews.get('/slow')).status).toBe(200);
  });

  test('pass WebSockets through both of them', async () => {
    await reviews.route(forwardRoute([V1, 1]));
    const socket = connectionTo(client.podIp, 15_002);
    const upgrade = [
      `GET http://reviews:${PORT}/chat HTTP/1.1`,
      `Host: reviews:${PORT}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      '\r\n',
    ].join('\r\n');
    expect(await socket.ask(upgrade)).toMatch(/^HTTP\/1\.1 101/);
    expect(await socket.exchange('ping')).toBe('ping');
    socket.close();
  });

  test('speak HTTP/2 to a program that speaks nothing else', async () => {
    await mesh.addHttp2Program('grpc', v2.programIp, 9091);
    mesh.setInbound(v2, [inboundPort(PORT), inboundPort(9091, { protocol: 'grpc' })]);
    const cluster = clusterPlan('reviews', 9091, { protocol: 'grpc' });
    mesh.setOutbound({ clusters: [...mesh.outbound.clusters, cluster] });
    await reviews.endpoints(cluster.name, endpointPlan(v2.podIp, 9091));
    await reviews.route(forwardRoute([cluster.name, 1]));
    const answer = await eventually(async () => {
      const reply = await reviews.get('/call');
      expect(reply.status).toBe(200);
      return reply;
    });
    expect(echoOf(answer).program).toBe('grpc');
    expect(await client.envoy.stat(`cluster.${statName(cluster.name)}.upstream_cx_http2_total`)).toBeGreaterThan(0);
    await reviews.route(forwardRoute([V1, 1]));
  });
});
