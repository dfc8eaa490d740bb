import http from 'node:http';
import { expect, test } from 'vitest';
import { call } from '../testing/client.ts';
import { sendJson } from './reply.ts';
import { listen, listenAddress } from './serve.ts';

const loopback = { host: '127.0.0.1', port: 0 };

test('the port is the first argument, else PORT, else 9080; the host is HOST, else every address', () => {
  expect(listenAddress(['8001'], { PORT: '8002', HOST: '127.0.0.1' })).toEqual({ host: '127.0.0.1', port: 8001 });
  expect(listenAddress([], { PORT: '8002' })).toEqual({ host: '0.0.0.0', port: 8002 });
  expect(listenAddress([], {})).toEqual({ host: '0.0.0.0', port: 9080 });
  for (const wrong of ['http', '70000', '-1', '']) expect(() => listenAddress([wrong], {})).toThrow('not a port');
});

test('closing finishes the request in flight, tells its client to go, and accepts nothing new', async () => {
  let reached = (): void => {};
  let release = (): void => {};
  const inHandler = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const server = await listen(async (_request, response) => {
    reached();
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    sendJson(response, 200, 'done');
  }, loopback);
  const url = `http://127.0.0.1:${server.port}/`;
  const agent = new http.Agent({ keepAlive: true });
  const answer = call(url, { agent });
  await inHandler;
  const closed = server.close();
  await expect(call(url)).rejects.toThrow('ECONNREFUSED');
  release();
  expect(await answer).toMatchObject({ status: 200, json: 'done', headers: { connection: 'close' } });
  await closed;
  agent.destroy();
});

test('a request that outlasts the grace is cut', async () => {
  const server = await listen(() => {}, loopback);
  const answer = call(`http://127.0.0.1:${server.port}/`).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.close(100);
  expect(await answer).toBeInstanceOf(Error);
});

test('a handler that throws answers 500', async () => {
  const server = await listen(() => Promise.reject(new Error('expected by this test')), loopback);
  const answer = await call(`http://127.0.0.1:${server.port}/`);
  await server.close(0);
  expect([answer.status, answer.json]).toEqual([500, { error: 'internal error' }]);
});

test('the absolute form of a request, as proxies may send it, is understood', async () => {
  const { createDetails } = await import('../details/details.ts');
  const server = await listen(createDetails(), loopback);
  const status = await new Promise((resolve) => {
    const options = { host: '127.0.0.1', port: server.port, path: 'http://details:9080/health' };
    http.get(options, (response) => resolve(response.resume().statusCode));
  });
  await server.close(0);
  expect(status).toBe(200);
});
