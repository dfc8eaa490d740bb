import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { call } from '../testing/client.ts';
import { startProgram, typescript } from '../testing/program.ts';
import { startStub } from '../testing/stub.ts';
import { sendJson, sendText } from './reply.ts';
import { getUpstream } from './upstream.ts';

test('connections are kept and used again', async () => {
  const sockets = new Set<Socket>();
  const service = await startStub((request, response) => {
    sockets.add(request.socket);
    sendJson(response, 200, {});
  });
  for (let i = 0; i < 4; i++) await getUpstream(service.url, { timeoutMs: 1_000 });
  expect(sockets.size).toBe(1);
});

test('a kept connection that the other end closed costs nobody an error', async () => {
  const seen: Socket[] = [];
  const service = await startStub((request, response) => {
    if (seen.includes(request.socket)) return void request.socket.destroy();
    seen.push(request.socket);
    sendText(response, 200, 'fresh');
  });
  for (let i = 0; i < 3; i++) {
    expect(await getUpstream(service.url, { timeoutMs: 1_000 })).toEqual({ status: 200, body: 'fresh' });
  }
  expect(service.requests).toHaveLength(5);
});

test('a new connection that fails is not tried again', async () => {
  const service = await startStub((request) => void request.socket.destroy());
  await expect(getUpstream(service.url, { timeoutMs: 1_000 })).rejects.toThrow();
  expect(service.requests).toHaveLength(1);
});

test('the deadline covers an answer that stops in the middle', async () => {
  const service = await startStub((_request, response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('12345');
  });
  const startMs = performance.now();
  await expect(getUpstream(service.url, { timeoutMs: 100 })).rejects.toThrow();
  expect(performance.now() - startMs).toBeLessThan(600);
});

test('with NODE_USE_ENV_PROXY=1 a service calls through the proxy in absolute form, on a kept connection', async () => {
  const sockets = new Set<Socket>();
  const proxy = await startStub((request, response) => {
    sockets.add(request.socket);
    sendJson(response, 200, { id: 0, ratings: { Reviewer1: 2, Reviewer2: 1 } });
  });
  const reviews = await startProgram(typescript('reviews').command() ?? [], {
    ENABLE_RATINGS: 'true',
    NODE_USE_ENV_PROXY: '1',
    http_proxy: proxy.url,
    no_proxy: '',
  });
  for (let i = 0; i < 3; i++) {
    const answer = await call(`${reviews.url}/reviews/0`, { headers: { 'end-user': 'jason' } });
    expect(answer.json).toMatchObject({ reviews: [{ rating: { stars: 2 } }, { rating: { stars: 1 } }] });
  }
  await reviews.stop();
  expect(proxy.requests.map((request) => request.path)).toEqual(Array(3).fill('http://ratings:9080/ratings/0'));
  expect(proxy.requests[0]?.headers).toMatchObject({ host: 'ratings:9080', 'end-user': 'jason' });
  expect(sockets.size).toBe(1);
});

test('without it proxy variables are not looked at', async () => {
  const proxy = await startStub((_request, response) => sendJson(response, 200, {}));
  const ratings = await startStub((_request, response) => sendJson(response, 200, { ratings: { Reviewer1: 3 } }));
  const reviews = await startProgram(typescript('reviews').command() ?? [], {
    ENABLE_RATINGS: 'true',
    RATINGS_HOSTNAME: '127.0.0.1',
    RATINGS_SERVICE_PORT: String(ratings.port),
    http_proxy: proxy.url,
  });
  const answer = await call(`${reviews.url}/reviews/0`);
  await reviews.stop();
  expect(answer.json).toMatchObject({ reviews: [{ rating: { stars: 3 } }, {}] });
  expect(proxy.requests).toHaveLength(0);
});
