import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificates } from '../testing/certificates.ts';
import { planFor } from '../testing/plans.ts';
import { runHere } from './testing/run-here.ts';
import { ANSWER } from './testing/servers.ts';

const NO_TLS = { verify: true, ca: null, certificate: null, key: null, serverName: null };
const FEW = {
  pace: {
    kind: 'open' as const,
    arrivals: 'constant' as const,
    stages: [{ durationMs: 300, fromRps: 20, toRps: 20 }],
  },
};

async function tlsServer(options: TlsOptions, onSocket: (socket: TLSSocket) => void = () => {}) {
  const server = createTlsServer(options, (socket) => {
    onSocket(socket);
    socket.on('error', () => {}).on('data', () => socket.write(ANSWER));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('a connection with TLS', () => {
  it('verifies the server by the name that is said, and takes up its session again', async () => {
    const { key, certificate } = await certificates();
    const server = { key, cert: certificate };
    const reused: boolean[] = [];
    const port = await tlsServer(server, (socket) => reused.push(socket.isSessionReused()));
    const tls = { ...NO_TLS, ca: certificate, serverName: 'localhost' };
    const requestsPerConnection = { min: 1, max: 1 };
    const plan = planFor(`https://127.0.0.1:${port}/`, { ...FEW, tls, connections: { requestsPerConnection } });
    const run = await runHere(plan);
    expect([run.sum('completed'), run.errors]).toEqual([6, {}]);
    expect(reused[0]).toBe(false);
    expect(reused).toContain(true);
  });

  it('fails with the reason in words when the authority is not trusted, or the name is another', async () => {
    const { key, certificate } = await certificates();
    const server = { key, cert: certificate };
    const url = `https://127.0.0.1:${await tlsServer(server)}/`;
    const untrusted = await runHere(planFor(url, { ...FEW, tls: { ...NO_TLS, serverName: 'localhost' } }));
    expect(untrusted.errors).toEqual({ tls: 6 });
    expect(untrusted.sample('tls')).toContain('signed by itself');
    const misnamed = await runHere(
      planFor(url, { ...FEW, tls: { ...NO_TLS, ca: certificate, serverName: 'other.example' } }),
    );
    expect(misnamed.errors).toEqual({ tls: 6 });
    expect(misnamed.sample('tls')).toContain('other.example');
    const unverified = await runHere(planFor(url, { ...FEW, tls: { ...NO_TLS, verify: false } }));
    expect(unverified.errors).toEqual({});
  });

  it('shows its certificate to a server that asks, and says so when it has none', async () => {
    const { key, certificate } = await certificates();
    const server = { key, cert: certificate };
    const port = await tlsServer({ ...server, ca: certificate, requestCert: true, rejectUnauthorized: true });
    const url = `https://127.0.0.1:${port}/`;
    const tls = { ...NO_TLS, ca: certificate, serverName: 'localhost' };
    const known = await runHere(planFor(url, { ...FEW, tls: { ...tls, certificate, key } }));
    expect([known.sum('completed'), known.errors]).toEqual([6, {}]);
    const unknown = await runHere(planFor(url, { ...FEW, tls }));
    expect(Object.keys(unknown.errors)).toEqual(['tls']);
    expect(unknown.sample('tls')).toContain('client certificate');
  });

  it('is known not to be spoken by a server without it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const run = await runHere(planFor(url, FEW));
    expect(run.errors).toEqual({ tls: 6 });
    expect(run.sample('tls')).toContain('does not speak TLS');
  });

  it('cannot be had with certificates that are none', async () => {
    const tls = { ...NO_TLS, ca: null, certificate: 'nothing', key: 'nothing' };
    await expect(runHere(planFor('https://127.0.0.1:1/', { tls }))).rejects.toThrow(/MW8001.*certificates/);
  });
});

describe('a connection', () => {
  it('goes to a Unix socket, with the host of the URL', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'meshwise-load-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const unixSocketPath = join(directory, 'socket');
    const hosts = new Set<string | undefined>();
    const server = createServer((request, response) => {
      hosts.add(request.headers.host);
      response.end('ok');
    }).listen(unixSocketPath);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const run = await runHere(planFor('http://some.example/', { ...FEW, connections: { unixSocketPath } }));
    expect([run.sum('completed'), run.errors, [...hosts]]).toEqual([6, {}, ['some.example']]);
  });

  it('goes where a name is said to be', async () => {
    const server = createServer((_request, response) => void response.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const resolve = [{ host: 'some.example', port: null, address: '127.0.0.1' }];
    const run = await runHere(planFor(`http://some.example:${port}/`, { ...FEW, connections: { resolve } }));
    expect([run.sum('completed'), run.errors]).toEqual([6, {}]);
  });

  it('is not to be had by a name that does not exist', async () => {
    const run = await runHere(planFor('http://no-such-name.invalid/', FEW));
    expect(run.errors).toEqual({ dns: 6 });
  });

  it('is given up when the handshake takes too long', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    server.removeAllListeners('connection');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const run = await runHere(planFor(url, { ...FEW, connections: { connectTimeoutMs: 100 } }));
    expect(run.errors).toEqual({ 'connect-timeout': 6 });
  });
});
