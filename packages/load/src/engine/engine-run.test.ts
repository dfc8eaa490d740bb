import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { planFor } from '../testing/plans.ts';
import { type Measured, runHere } from './testing/run-here.ts';
import { ANSWER, serve } from './testing/servers.ts';

const MS = 1e6;
const open = (rps: number, durationMs = 1_000) => ({
  pace: { kind: 'open' as const, arrivals: 'constant' as const, stages: [{ durationMs, fromRps: rps, toRps: rps }] },
});
const closed = (durationMs: number, maxRps: number | null = null) => ({
  pace: { kind: 'closed' as const, durationMs, maxRps },
});

/** 000-88: what is reported is what a caller would have seen. */
describe('the times of a request', () => {
  it('are those of the server', async () => {
    await using server = await serve((socket) => void setTimeout(() => socket.write(ANSWER), 40));
    const run = await runHere(planFor(server.url, { ...open(50), connections: { count: 10 } }));
    expect([run.sum('scheduled'), run.sum('sent'), run.sum('completed'), run.sum('failed')]).toEqual([50, 50, 50, 0]);
    expect(run.histogram('service').minNs).toBeGreaterThan(38 * MS);
    expect(run.histogram('response').minNs).toBeGreaterThan(38 * MS);
    expect(run.histogram('lag').count).toBe(50);
  });

  it('keep fast and slow answers apart', async () => {
    let requests = 0;
    await using server = await serve((socket) => {
      requests += 1;
      if (requests % 5 === 0) setTimeout(() => socket.write(ANSWER), 300);
      else socket.write(ANSWER);
    });
    const run = await runHere(planFor(server.url, { ...open(50), connections: { count: 20 } }));
    const response = run.histogram('response');
    const slow = [...response.buckets()]
      .filter(([fromNs]) => fromNs > 299 * MS)
      .reduce((sum, [, , count]) => sum + count, 0);
    expect(slow).toBeGreaterThanOrEqual(10);
    expect(response.valueAtPercentile(50)).toBeLessThan(response.valueAtPercentile(90) / 2);
  });

  it('show a stall to every caller who came in it, though only few requests were under way', async () => {
    const startedAt = performance.now();
    await using server = await serve((socket) => {
      const now = performance.now() - startedAt;
      const stalled = now > 500 && now < 1_500;
      if (stalled) setTimeout(() => socket.write(ANSWER), 1_500 - now);
      else socket.write(ANSWER);
    });
    const run = await runHere(planFor(server.url, { ...open(200, 3_000), connections: { count: 4 } }));
    expect(run.sum('completed')).toBe(600);
    // A third of all come in that second and wait for half of it in the mean; four connections were waiting in it.
    const response = run.histogram('response');
    expect(response.valueAtPercentile(99)).toBeGreaterThan(900 * MS);
    expect(response.valueAtPercentile(80)).toBeGreaterThan(200 * MS);
    const service = run.histogram('service');
    expect(service.valueAtPercentile(98)).toBeLessThan(response.valueAtPercentile(80));
  });
});

describe('what becomes of requests', () => {
  it.each<[string, string, (socket: import('node:net').Socket) => void]>([
    ['closed', 'a server that closes instead of answering', (socket) => socket.end()],
    ['closed', 'a server that closes in the middle', (socket) => socket.end(ANSWER.slice(0, -1))],
    ['reset', 'a server that resets', (socket) => socket.resetAndDestroy()],
    ['malformed', 'a server that sends garbage', (socket) => void socket.write('\x16\x03\x01 what is this')],
    ['too-large', 'a server that floods', (socket) => void socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`)],
    ['http-5xx', 'a server that fails', (socket) => void socket.write(ANSWER.replace('200 OK', '503 No'))],
    ['http-4xx', 'a server that refuses', (socket) => void socket.write(ANSWER.replace('200 OK', '404 No'))],
    ['timeout', 'a server that never answers', () => {}],
    [
      'timeout',
      'a server that drips',
      (socket) => {
        const next = (at: number) => {
          if (!socket.destroyed && at < ANSWER.length)
            socket.write(ANSWER[at] ?? '', () => setTimeout(next, 50, at + 1));
        };
        next(0);
      },
    ],
  ])('is counted as “%s” with %s', async (kind, _name, onRequest) => {
    await using server = await serve(onRequest);
    // Ended by the number of requests and not by time, and patient where no time-out is meant: on a busy machine too, each has
    // all the time that its kind takes.
    const timeoutMs = kind === 'timeout' ? 300 : 20_000;
    const pace = { ...open(20, 60_000), maxRequests: 10 };
    const run = await runHere(planFor(server.url, { ...pace, connections: { count: 10 }, timeoutMs }));
    expect(run.errors).toEqual({ [kind]: 10 });
    expect([run.sum('scheduled'), run.sum('failed'), run.histogram('errorResponse').count]).toEqual([10, 10, 10]);
    expect(run.sample(kind)).not.toBe('');
  });

  it('is a failure at once while nothing listens, with few attempts to connect', async () => {
    const server = await serve(() => {});
    await server[Symbol.asyncDispose]();
    const run = await runHere(planFor(server.url, { ...open(200, 500) }));
    expect(run.errors).toEqual({ 'connect-refused': 100 });
    expect(run.sum('sent')).toBe(0);
  });

  it('is that they are dropped and counted when too many wait', async () => {
    await using server = await serve(() => {});
    const plan = planFor(server.url, { ...open(100, 500), connections: { count: 1 }, maxBacklog: 5, timeoutMs: 1_000 });
    const run = await runHere(plan);
    expect(run.sum('scheduled')).toBe(50);
    expect(run.sum('dropped')).toBe(44);
    expect(run.sum('failed')).toBe(6);
  });

  it('is that they are counted as stopped when the run is', async () => {
    await using server = await serve(() => {});
    const run = await runHere(planFor(server.url, { ...open(50, 60_000), timeoutMs: 30_000 }), sleep(1_300));
    expect(run.errors).toEqual({ stopped: run.sum('scheduled') });
    expect(run.intervals.map(({ second }) => second)).toEqual([0, 1]);
  });

  it('is known for each of them, whatever the server does (nothing is lost between the seconds)', async () => {
    let requests = 0;
    await using server = await serve((socket) => {
      requests += 1;
      if (requests % 7 === 0) socket.resetAndDestroy();
      else if (requests % 11 === 0) socket.end(ANSWER);
      else if (requests % 13 !== 0) socket.write(ANSWER);
    });
    const run = await runHere(planFor(server.url, { ...open(150, 2_000), timeoutMs: 200, warmUpMs: 300 }));
    expect(run.sum('completed') + run.sum('failed') + run.sum('dropped')).toBe(run.sum('scheduled'));
    expect(run.sum('scheduled')).toBe(345);
    expect(run.histogram('response').count).toBe(run.sum('completed'));
    expect(run.histogram('errorResponse').count).toBe(run.sum('failed'));
    expect(run.histogram('lag').count).toBe(run.sum('sent'));
  });
});

describe('the measured time', () => {
  it('ends in the middle of a second, and what is answered afterwards is in no interval of it', async () => {
    await using server = await serve((socket) => void setTimeout(() => socket.write(ANSWER), 300));
    const run = await runHere(planFor(server.url, { ...open(20, 1_500), connections: { count: 50 } }));
    const [, last, after] = run.intervals;
    expect(run.intervals.map(({ second }) => second)).toEqual([0, 1, 2]);
    expect(last?.generator.elapsedMs).toBeCloseTo(500, 3);
    // 30 requests of which those due in the last 300 ms are under way at the end.
    expect(after?.completed).toBeGreaterThanOrEqual(5);
    expect(run.sum('completed')).toBe(30);
  });
});

describe('the warm-up', () => {
  const measured = (run: Measured, name: 'scheduled' | 'sent' | 'completed' | 'failed' | 'dropped' | 'bytesReceived') =>
    run.intervals.reduce((sum, one) => sum + (one.second >= 0 ? one[name] : 0), 0);

  it('keeps what is under way when it ends, and the measured time has its own requests only', async () => {
    await using server = await serve((socket) => void setTimeout(() => socket.write(ANSWER), 150));
    const run = await runHere(planFor(server.url, { ...open(100), connections: { count: 30 }, warmUpMs: 300 }));
    expect([run.sum('scheduled'), run.sum('completed')]).toEqual([130, 130]);
    expect((['scheduled', 'sent', 'completed'] as const).map((name) => measured(run, name))).toEqual([100, 100, 100]);
    expect(measured(run, 'bytesReceived')).toBe(100 * ANSWER.length);
    const histograms = run.intervals.filter(({ second }) => second >= 0).map(({ response }) => response);
    const counts = histograms.flatMap((pairs) => pairs.filter((_, at) => at % 2 === 1));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
  });

  it('keeps its backlog, though that is sent in the measured time and what is due then waits for it', async () => {
    const startedAt = performance.now();
    await using server = await serve((socket) => {
      // Stands still until the measured time has begun.
      setTimeout(() => socket.write(ANSWER), Math.max(0, 700 - (performance.now() - startedAt)));
    });
    const run = await runHere(planFor(server.url, { ...open(100), connections: { count: 1 }, warmUpMs: 400 }));
    expect([run.sum('scheduled'), run.sum('completed')]).toEqual([140, 140]);
    expect([measured(run, 'scheduled'), measured(run, 'sent'), measured(run, 'completed')]).toEqual([100, 100, 100]);
  });

  it('has its own failures and drops', async () => {
    await using server = await serve(() => {});
    const connections = { count: 1 };
    const plan = planFor(server.url, { ...open(100, 500), connections, maxBacklog: 5, warmUpMs: 300, timeoutMs: 400 });
    const run = await runHere(plan);
    expect(measured(run, 'scheduled')).toBe(50);
    expect(measured(run, 'failed') + measured(run, 'dropped')).toBe(50);
    expect(run.sum('scheduled')).toBe(80);
    expect(run.sum('failed') + run.sum('dropped')).toBe(80);
  });

  it('has no part in the requests that a closed loop may send', async () => {
    await using server = await serve((socket) => void setTimeout(() => socket.write(ANSWER), 20));
    const plan = planFor(server.url, { ...closed(60_000), maxRequests: 25, connections: { count: 4 }, warmUpMs: 200 });
    const run = await runHere(plan);
    expect([measured(run, 'scheduled'), measured(run, 'sent'), measured(run, 'completed')]).toEqual([25, 25, 25]);
    expect(run.sum('completed')).toBeGreaterThan(25);
  });
});

describe('connections', () => {
  it('are opened before the first request, and kept', async () => {
    let connections = 0;
    await using server = await serve(
      (socket) => void socket.write(ANSWER),
      () => (connections += 1),
    );
    await runHere(planFor(server.url, { ...open(50), connections: { count: 3 } }));
    expect(connections).toBe(3);
  });

  it('are new for each request when that is asked for', async () => {
    let connections = 0;
    await using server = await serve(
      (socket) => void socket.write(ANSWER),
      () => (connections += 1),
    );
    const requestsPerConnection = { min: 1, max: 1 };
    const run = await runHere(planFor(server.url, { ...open(50), connections: { count: 3, requestsPerConnection } }));
    expect([run.sum('completed'), connections, run.sum('connectionsOpened')]).toEqual([50, 50, 50]);
  });

  it('are replaced after some number of requests', async () => {
    const perConnection = new Map<unknown, number>();
    await using server = await serve((socket) => {
      perConnection.set(socket, (perConnection.get(socket) ?? 0) + 1);
      socket.write(ANSWER);
    });
    const requestsPerConnection = { min: 3, max: 6 };
    const run = await runHere(planFor(server.url, { ...open(60), connections: { count: 1, requestsPerConnection } }));
    expect(run.sum('completed')).toBe(60);
    const whole = [...perConnection.values()].slice(0, -1);
    expect(Math.min(...whole)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...whole)).toBeLessThanOrEqual(6);
  });

  it('are not tried in a storm when a server closes each of them', async () => {
    let connections = 0;
    await using server = await serve(
      () => {},
      (socket) => {
        connections += 1;
        socket.end();
      },
    );
    await runHere(planFor(server.url, { ...closed(1_000), connections: { count: 4 } }));
    // 10, 20, 40 … ms for each of four, half of it at least.
    expect(connections).toBeLessThan(4 * 10);
  });
});

describe('a closed loop', () => {
  it('sends the next request after the last answer', async () => {
    let underWay = 0;
    let most = 0;
    await using server = await serve((socket) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        socket.write(ANSWER);
      }, 10);
    });
    const run = await runHere(planFor(server.url, { ...closed(500), connections: { count: 4 } }));
    expect(most).toBe(4);
    expect(run.sum('completed')).toBe(run.sum('scheduled'));
    // 50 for each connection is what the server's delay allows.
    expect(run.sum('completed')).toBeLessThanOrEqual(4 * 51);
  });

  it('stays below its cap', async () => {
    await using server = await serve((socket) => void socket.write(ANSWER));
    const run = await runHere(planFor(server.url, { ...closed(1_000, 50), connections: { count: 4 } }));
    expect(run.sum('completed')).toBeLessThanOrEqual(51);
    expect(run.sum('completed')).toBeGreaterThan(25);
  });

  it('ends after the requests that were asked for', async () => {
    await using server = await serve((socket) => void socket.write(ANSWER));
    const run = await runHere(planFor(server.url, { ...closed(60_000), maxRequests: 25 }));
    expect(run.sum('completed')).toBe(25);
  });
});
