import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FromWorker, ToWorker } from '../run/contract.ts';
import { planFor } from '../testing/plans.ts';
import { ANSWER, serve } from './testing/servers.ts';
import { systemTimeSource } from './time-source.ts';

const PROGRAM = fileURLToPath(new URL('./worker.ts', import.meta.url));
const WHOLE = { index: 0, count: 1 };

function worker() {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const say = (message: ToWorker) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const hear = async (): Promise<FromWorker> => JSON.parse((await lines.next()).value ?? '');
  const hearUntil = async (type: FromWorker['type']) => {
    const heard: FromWorker[] = [];
    do heard.push(await hear());
    while (heard.at(-1)?.type !== type);
    return heard;
  };
  return { child, say, hear, hearUntil };
}

const sumOf = (messages: readonly FromWorker[], name: 'scheduled' | 'completed') =>
  messages.reduce((sum, message) => sum + (message.type === 'interval' ? message.interval[name] : 0), 0);

describe('a worker process', () => {
  it('serves one run after the other, and ends when nobody speaks to it any more', async () => {
    await using server = await serve((socket) => void socket.write(ANSWER));
    const { child, say, hear, hearUntil } = worker();
    for (const requests of [20, 30]) {
      say({ type: 'run', plan: planFor(server.url, { maxRequests: requests }), shard: WHOLE });
      expect(await hear()).toEqual({ type: 'ready', clockResolutionNs: expect.any(Number) });
      say({ type: 'start', atNs: systemTimeSource.nowNs() });
      const heard = await hearUntil('done');
      expect([sumOf(heard, 'scheduled'), sumOf(heard, 'completed')]).toEqual([requests, requests]);
    }
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends in the middle of a run when nobody speaks to it any more', async () => {
    await using server = await serve((socket) => void socket.write(ANSWER));
    const { child, say, hearUntil } = worker();
    say({
      type: 'run',
      plan: planFor(server.url, { pace: { kind: 'closed', durationMs: 60_000, maxRps: null } }),
      shard: WHOLE,
    });
    await hearUntil('ready');
    say({ type: 'start', atNs: systemTimeSource.nowNs() });
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says what it has measured when it is stopped', async () => {
    await using server = await serve((socket) => void socket.write(ANSWER));
    const { say, hearUntil } = worker();
    say({
      type: 'run',
      plan: planFor(server.url, { pace: { kind: 'closed', durationMs: 60_000, maxRps: 100 } }),
      shard: WHOLE,
    });
    await hearUntil('ready');
    say({ type: 'start', atNs: systemTimeSource.nowNs() });
    const heard = await hearUntil('interval');
    say({ type: 'stop' });
    heard.push(...(await hearUntil('done')));
    expect(sumOf(heard, 'completed')).toBeGreaterThan(0);
    expect(heard.filter(({ type }) => type === 'interval').length).toBeGreaterThan(1);
  });

  it('may be stopped before it has begun', async () => {
    await using server = await serve(() => {});
    const { say, hearUntil } = worker();
    say({ type: 'run', plan: planFor(server.url), shard: WHOLE });
    await hearUntil('ready');
    say({ type: 'stop' });
    expect(await hearUntil('done')).toEqual([{ type: 'done' }]);
  });

  it.each([
    [{ plan: { protocol: 'smtp' } }, 'MW8001'],
    [{ plan: planFor('ftp://127.0.0.1/') }, 'MW8001'],
    [{ shard: { index: -1, count: 1 } }, 'MW8005'],
  ])('refuses what it cannot do, and goes on', async (said, code) => {
    await using server = await serve((socket) => void socket.write(ANSWER));
    const { child, say, hear } = worker();
    child.stdin.write(`${JSON.stringify({ type: 'run', plan: planFor(server.url), shard: WHOLE, ...said })}\n`);
    expect(await hear()).toMatchObject({ type: 'failed', error: { code } });
    say({ type: 'run', plan: planFor(server.url), shard: WHOLE });
    expect(await hear()).toMatchObject({ type: 'ready' });
  });
});
