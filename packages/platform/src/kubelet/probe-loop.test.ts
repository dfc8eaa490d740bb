import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@meshwise/core';
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

  /** Waits are noted and not waited for; time passes by as much. */
  function notingClock(): { clock: Clock; waits: number[] } {
    const waits: number[] = [];
    let nowMs = 0;
    const sleep: Clock['sleep'] = (delayMs, signal) => {
      waits.push(delayMs);
      nowMs += delayMs;
      return systemClock.sleep(1, signal);
    };
    return { clock: { ...systemClock, monotonicMs: () => nowMs, sleep }, waits };
  }

  it('looks only at its period when failures end the program: 30 failures at 10 s are 290 s', async () => {
    const { clock, waits } = notingClock();
    status = 500;
    let turned: boolean | undefined;
    const probe = { httpGet: { port }, failureThreshold: 30, periodSeconds: 10 };
    const loop = startProbeLoop(probe, target, clock, (passing) => {
      turned = passing;
    });
    while (turned === undefined) await systemClock.sleep(5);
    loop.stop();
    expect(turned).toBe(false);
    expect(waits.slice(0, 30)).toEqual([0, ...Array<number>(29).fill(10_000)]);
  });

  it('looks often until the first success when it is eager, says why it waits, and keeps to the period after', async () => {
    const { clock, waits } = notingClock();
    status = 500;
    const turns: [boolean, string | undefined][] = [];
    const probe = { httpGet: { port }, periodSeconds: 10, failureThreshold: 3 };
    const loop = startProbeLoop(probe, target, clock, (...turn) => turns.push(turn), { eager: true });
    while (waits.length < 6) await systemClock.sleep(5);
    status = 200;
    while (turns.length < 2) await systemClock.sleep(5);
    const early = waits.length;
    while (waits.length < early + 3) await systemClock.sleep(5);
    loop.stop();
    expect(turns.map(([passing]) => passing)).toEqual([false, true]);
    expect(turns[0]?.[1]).toContain('500');
    expect(waits.slice(1, 6)).toEqual(Array(5).fill(200));
    expect(waits.slice(early + 1, early + 3)).toEqual([10_000, 10_000]);
  });

  it('counts a probe that cannot be run as failed, and goes on', async () => {
    const { clock } = notingClock();
    let broken = true;
    const run = async () => {
      if (broken) throw new Error('the disk is full');
      return 0;
    };
    const turns: [boolean, string | undefined][] = [];
    const probe = { exec: { command: ['check'] }, failureThreshold: 2 };
    const loop = startProbeLoop(probe, { ...target, run }, clock, (...turn) => turns.push(turn));
    while (turns.length < 1) await systemClock.sleep(5);
    broken = false;
    while (turns.length < 2) await systemClock.sleep(5);
    loop.stop();
    expect(turns).toEqual([
      [false, 'the disk is full'],
      [true, undefined],
    ]);
  });
});
