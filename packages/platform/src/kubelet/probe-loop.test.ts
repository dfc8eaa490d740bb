import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@meshwise/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProbeTarget, runProbe } from './probe.ts';
import { startProbeLoop } from './probe-loop.ts';

/** A program on loopback behind a tunnel that is a small CONNECT proxy: real sockets all the way. */
let directory: string;
let program: HttpServer;
let tunnel: Server;
let port: number;
let status = 200;
const requests: string[] = [];
let target: ProbeTarget;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'probe-'));
  status = 200;
  requests.length = 0;
  program = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers['x-probe'] ?? ''}`.trim());
    response.writeHead(status).end('ok');
  });
  await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve));
  port = (program.address() as AddressInfo).port;
  tunnel = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      const wanted = Number(/:(\d+) HTTP/.exec(data.toString())?.[1]);
      const upstream = connect(wanted, '127.0.0.1');
      upstream.once('connect', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.end('HTTP/1.1 503 no\r\n\r\n'));
    });
  });
  const tunnelSocketPath = join(directory, 's');
  await new Promise<void>((resolve) => tunnel.listen(tunnelSocketPath, resolve));
  target = {
    tunnelSocketPath,
    ports: [{ containerPort: port, name: 'http' }],
    run: async (command) => (command[0] === 'true' ? 0 : 1),
  };
});
afterEach(async () => {
  program.closeAllConnections();
  program.close();
  tunnel.close();
  await rm(directory, { recursive: true, force: true });
});

describe('a probe', () => {
  it('sends what it is told to, and takes 200 to 399 for success', async () => {
    const httpGet = { path: '/health?x=1', port: 'http', httpHeaders: [{ name: 'X-Probe', value: 'me' }] };
    expect(await runProbe({ httpGet }, target)).toEqual({ result: 'success' });
    expect(requests).toEqual(['/health?x=1 me']);
    status = 399;
    expect(await runProbe({ httpGet }, target)).toEqual({ result: 'success' });
    status = 400;
    expect(await runProbe({ httpGet }, target)).toMatchObject({
      result: 'failure',
      reason: expect.stringContaining('400'),
    });
  });

  it('fails where nobody listens, and for a port name that the container does not have', async () => {
    expect(await runProbe({ tcpSocket: { port: 1 } }, target)).toMatchObject({ result: 'failure' });
    expect(await runProbe({ tcpSocket: { port: 'grpc' } }, target)).toMatchObject({
      result: 'failure',
      reason: expect.stringContaining('grpc'),
    });
    expect(await runProbe({ tcpSocket: { port } }, target)).toEqual({ result: 'success' });
  });

  it('says nothing of the program while its proxy is away', async () => {
    const away = { ...target, tunnelSocketPath: join(directory, 'gone') };
    expect(await runProbe({ httpGet: { port } }, away)).toEqual({ result: 'unknown' });
  });

  it('takes the exit code of a command', async () => {
    expect(await runProbe({ exec: { command: ['true'] } }, target)).toEqual({ result: 'success' });
    expect(await runProbe({ exec: { command: ['false'] } }, target)).toMatchObject({ result: 'failure' });
  });
});

describe('a probe loop', () => {
  it('turns over only when a threshold is reached, and tells why', async () => {
    const turns: [boolean, string | undefined][] = [];
    // A clock that does not wait: each look follows the last at once, and the test counts looks, not time.
    const clock = { ...systemClock, sleep: (_ms: number, signal?: AbortSignal) => systemClock.sleep(1, signal) };
    status = 500;
    const probe = { httpGet: { port }, failureThreshold: 3, successThreshold: 2 };
    const loop = startProbeLoop(probe, target, clock, (passing, reason) => {
      turns.push([passing, reason]);
      status = passing ? 500 : 200;
    });
    while (turns.length < 3) await systemClock.sleep(5);
    loop.stop();
    expect(turns.slice(0, 3).map(([passing]) => passing)).toEqual([false, true, false]);
    expect(turns[0]?.[1]).toContain('500');
    const before = requests.length;
    expect(before).toBeGreaterThanOrEqual(3 + 2 + 3);
  });
});
