import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { systemClock } from '@meshwise/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificates } from '../testing/certificates.ts';
import { faultServer } from '../testing/fault-server.ts';
import { answer, closeEarly, garbage, refuse, stall } from '../testing/faults.ts';
import { type PlanSaid, planFor } from '../testing/plans.ts';
import { probeTarget } from './probe-target.ts';

const probe = (url: string, said: PlanSaid = {}) => probeTarget(planFor(url, said), systemClock);

describe('a target', () => {
  it.each([
    ['a good answer', answer],
    ['a bad one', refuse(503)],
  ])('that gives %s can be measured', async (_, misbehave) => {
    expect(await probe((await faultServer(misbehave)).url)).toBeNull();
  });

  it.each([
    ['nothing', stall, 'no answer within 200 ms'],
    ['no HTTP', garbage, ''],
    ['up', closeEarly, ''],
  ])('that gives %s cannot, and it is said why', async (_, misbehave, words) => {
    const { url } = await faultServer(misbehave);
    const said = await probe(url, { timeoutMs: 200 });
    expect(said).toContain(words);
    expect(said?.length).toBeGreaterThan(10);
  });

  it('is asked one request over one connection', async () => {
    const server = await faultServer(answer);
    await probe(server.url, { connections: { count: 10 } });
    expect(server.requests()).toBe(1);
  });

  it.each(['POST', 'DELETE'])('is sent no %s before somebody starts the run', async (method) => {
    const server = await faultServer(answer);
    const plan = planFor(server.url);
    const requests = plan.requests.map((request) => ({ ...request, method }));
    expect(await probeTarget({ ...plan, requests }, systemClock)).toBeNull();
    expect(server.requests()).toBe(0);
  });

  it('whose name is unknown, or where nobody listens, is named for that', async () => {
    expect(await probe('http://does-not-exist.invalid/')).toMatch(/the name/);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await probe(`http://127.0.0.1:${port}/`)).toBe('nothing listens there');
    expect(await probe(`http://127.0.0.1:${port}/`, { protocol: 'http2' })).toBe('nothing listens there');
  });

  it('with a certificate that is not to be trusted is named for that', async () => {
    const { key, certificate } = await certificates();
    const server = createTls({ key, cert: certificate }, (socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    const resolve = [{ host: 'localhost', port: null, address: '127.0.0.1' }];
    expect(await probe(url, { connections: { resolve } })).toMatch(/signed by itself/);
    const tls = { verify: true, ca: certificate, certificate: null, key: null, serverName: 'elsewhere.example' };
    expect(await probe(url, { connections: { resolve }, tls })).toMatch(/elsewhere\.example/);
  });

  it('of HTTP/2 and gRPC is asked in that way', async () => {
    const server = createHttp2();
    server.on('stream', (stream) => stream.respond({ ':status': 200, 'grpc-status': 5 }, { endStream: true }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.B/C`;
    expect(await probe(url, { protocol: 'http2' })).toBeNull();
    expect(await probe(url, { protocol: 'grpc' })).toBeNull();
    const http1 = await faultServer(answer);
    expect(await probe(http1.url, { protocol: 'http2' })).toBe('the server speaks HTTP/1');
  });
});
