import { ManualClock } from '@meshwise/core';
import { describe, expect, it } from 'vitest';
import type { Interval } from '../result/interval.ts';
import { type FakeWorker, intervalOf, launchFakes, obey } from '../testing/fake-worker.ts';
import { type PlanSaid, planFor } from '../testing/plans.ts';
import type { ToWorker } from './contract.ts';
import { STOP_GRACE_MS } from './limits.ts';
import { type LoadPhase, startLoad } from './start-load.ts';

interface Case {
  readonly plan?: PlanSaid;
  readonly onMessage?: (message: ToWorker, worker: FakeWorker) => void;
  readonly signal?: AbortSignal;
  readonly onIntervals?: (intervals: readonly Interval[]) => void;
}

function start({ plan = {}, onMessage = obey, signal, onIntervals }: Case = {}) {
  const clock = new ManualClock();
  const intervals: Interval[] = [];
  const phases: LoadPhase[] = [];
  const { workers, launch } = launchFakes(onMessage);
  const handle = startLoad(planFor('http://127.0.0.1/', { workers: 2, ...plan }), {
    launch,
    clock,
    ...(signal === undefined ? {} : { signal }),
    onIntervals: onIntervals ?? ((arrived) => intervals.push(...arrived)),
    onState: (phase) => phases.push(phase),
  });
  // Whoever looks at it later must not be told of an unhandled rejection meanwhile.
  handle.done.catch(() => {});
  return { clock, intervals, phases, workers, handle };
}

/** Lets everything happen that needs no time. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const typesOf = (worker: FakeWorker | undefined) => worker?.received.map(({ type }) => type);

describe('a run', () => {
  it('starts its workers together, when the last of them is ready', async () => {
    const { workers, handle } = start({ onMessage: () => {} });
    await settle();
    workers[0]?.say({ type: 'ready', clockResolutionNs: 40 });
    await settle();
    expect(workers.map(typesOf)).toEqual([['run'], ['run']]);
    workers[1]?.say({ type: 'ready', clockResolutionNs: 70 });
    await settle();
    expect(workers.map(typesOf)).toEqual([
      ['run', 'start'],
      ['run', 'start'],
    ]);
    expect(workers.map(({ received }) => received[0])).toMatchObject([
      { shard: { index: 0, count: 2 } },
      { shard: { index: 1, count: 2 } },
    ]);
    expect(workers[0]?.received[1]).toEqual(workers[1]?.received[1]);
    for (const worker of workers) worker.say({ type: 'done' });
    expect(await handle.done).toEqual({ outcome: 'completed', reason: null, clockResolutionNs: 70, workers: 2 });
    expect(workers.every(({ killed }) => killed)).toBe(true);
  });

  it('hands on what arrives and tells what goes on', async () => {
    const { clock, intervals, phases, workers, handle } = start({ plan: { warmUpMs: 500 } });
    await settle();
    expect(phases).toEqual(['preparing', 'warming up']);
    await clock.advance(500);
    workers[0]?.say({ type: 'interval', interval: intervalOf({ worker: 0, sent: 3 }) });
    workers[1]?.say({ type: 'interval', interval: intervalOf({ worker: 1, sent: 4 }) });
    expect(intervals.map(({ sent }) => sent)).toEqual([3, 4]);
    for (const worker of workers) worker.say({ type: 'done' });
    await handle.done;
    expect(phases).toEqual(['preparing', 'warming up', 'measuring', 'ending']);
  });

  it('that is stopped keeps what its workers say last', async () => {
    const { intervals, workers, handle } = start({
      onMessage: (message, worker) => {
        if (message.type === 'stop')
          worker.say({ type: 'interval', interval: intervalOf({ worker: workers.indexOf(worker) }) });
        obey(message, worker);
      },
    });
    await settle();
    handle.stop('enough');
    handle.stop('twice');
    expect(await handle.done).toMatchObject({ outcome: 'stopped', reason: 'enough' });
    expect(intervals.length).toBe(2);
  });

  it('is stopped by its signal, also before anything has begun', async () => {
    const stop = new AbortController();
    const running = start({ signal: stop.signal });
    await settle();
    stop.abort(new Error('the daemon ends'));
    expect(await running.handle.done).toMatchObject({ outcome: 'stopped', reason: 'the daemon ends' });
    const early = start({ signal: AbortSignal.abort(new Error('no')) });
    expect(await early.handle.done).toMatchObject({ outcome: 'stopped', reason: 'no' });
    await settle();
    expect(early.workers.every(({ killed }) => killed)).toBe(true);
  });

  it('kills workers that do not stop when asked to', async () => {
    const { clock, workers, handle } = start({
      onMessage: (message, worker) => message.type === 'run' && obey(message, worker),
    });
    await settle();
    handle.stop('enough');
    await settle();
    await clock.advance(STOP_GRACE_MS - 1);
    expect(workers.map(({ killed }) => killed)).toEqual([false, false]);
    await clock.advance(1);
    expect(await handle.done).toMatchObject({ outcome: 'stopped' });
    expect(workers.map(({ killed }) => killed)).toEqual([true, true]);
  });

  it('ends when one of its workers is gone, and says how', async () => {
    const { workers, handle } = start();
    await settle();
    const [, second] = workers;
    if (second !== undefined) second.stderr = 'FATAL ERROR: heap\n';
    second?.exit(null, 'SIGABRT');
    expect(await handle.done).toMatchObject({
      outcome: 'lost',
      reason: 'worker 2 of 2 was ended by SIGABRT: FATAL ERROR: heap',
    });
    expect(typesOf(workers[0])).toEqual(['run', 'start', 'stop']);
  });

  it('that cannot begin is an error with the words of the worker', async () => {
    const failing = start({
      onMessage: (message, worker) =>
        message.type === 'run' && worker.say({ type: 'failed', error: { message: 'no such key' } }),
    });
    await expect(failing.handle.done).rejects.toThrow('MW8005: no such key');
    const dying = start({ onMessage: (_, worker) => worker.exit(1) });
    await expect(dying.handle.done).rejects.toThrow('MW8005: worker 1 of 2 ended with code 1');
    const slow = start({ onMessage: () => {} });
    await settle();
    await slow.clock.advance(60_000);
    await settle();
    await slow.clock.advance(STOP_GRACE_MS);
    await expect(slow.handle.done).rejects.toThrow('MW8005: the workers did not become ready in time');
  });

  it('that fails later is an outcome, since something was measured', async () => {
    const { workers, handle } = start();
    await settle();
    workers[0]?.say({ type: 'failed', error: 'out of files' });
    expect(await handle.done).toMatchObject({ outcome: 'failed', reason: 'out of files' });
  });

  it('fails when what arrives cannot be kept', async () => {
    const { workers, handle } = start({
      onIntervals: () => {
        throw new Error('disk full');
      },
    });
    await settle();
    workers[0]?.say({ type: 'interval', interval: intervalOf() });
    expect(await handle.done).toMatchObject({ outcome: 'failed', reason: 'disk full' });
  });

  it('whose workers never come to an end is ended', async () => {
    const { clock, handle } = start();
    await settle();
    await clock.advance(60_000);
    expect(await handle.done).toMatchObject({ outcome: 'lost', reason: 'the workers did not come to an end in time' });
  });

  it('bears a stray line, and not a worker that talks nonsense or without end', async () => {
    const stray = start();
    await settle();
    stray.workers[0]?.sayLine('(node:1) something');
    for (const worker of stray.workers) worker.say({ type: 'done' });
    expect(await stray.handle.done).toMatchObject({ outcome: 'completed' });

    const nonsense = start();
    await settle();
    for (let at = 0; at < 100; at++) nonsense.workers[0]?.sayLine('x'.repeat(500));
    expect(await nonsense.handle.done).toMatchObject({
      outcome: 'lost',
      reason: `worker 1 of 2 said what is no message: "${'x'.repeat(120)}…"`,
    });

    const flood = start();
    await settle();
    for (let at = 0; at < 10_000; at++)
      flood.workers[1]?.say({ type: 'interval', interval: intervalOf({ worker: 1 }) });
    expect(await flood.handle.done).toMatchObject({
      outcome: 'lost',
      reason: 'worker 2 of 2 said more than any worker has to say',
    });
    expect(flood.intervals.length).toBeLessThan(1_000);
  });
});
