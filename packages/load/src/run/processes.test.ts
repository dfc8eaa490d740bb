import { spawn } from 'node:child_process';
import { systemClock } from '@meshwise/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Histogram } from '../histogram/histogram.ts';
import { middleOf } from '../histogram/layout.ts';
import { pairsOf } from '../histogram/sparse.ts';
import type { Interval } from '../result/interval.ts';
import { mergeIntervals } from '../result/totals.ts';
import { faultServer } from '../testing/fault-server.ts';
import { answer, delayed } from '../testing/faults.ts';
import { planFor } from '../testing/plans.ts';
import { runLoad } from '../testing/run-load.ts';
import { launchChild } from './child-worker.ts';
import type { LaunchWorker, WorkerProcess } from './contract.ts';
import { startLoad } from './start-load.ts';

const LONG = { kind: 'closed', durationMs: 60_000, maxRps: 200 } as const;
const PERCENTILES = [0, 1, 25, 50, 75, 90, 95, 99, 99.9, 100];

/** Launches as usual and keeps the processes. */
function keeping(): { readonly processes: WorkerProcess[]; readonly launch: LaunchWorker } {
  const processes: WorkerProcess[] = [];
  const launch = launchChild();
  return {
    processes,
    launch: async (program) => {
      const process = await launch(program);
      processes.push(process);
      return process;
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('worker processes', () => {
  it('that are killed take nothing along that has arrived', async () => {
    const { url } = await faultServer(answer);
    const { processes, launch } = keeping();
    const intervals: Interval[] = [];
    const handle = startLoad(planFor(url, { pace: LONG, workers: 2 }), {
      launch,
      clock: systemClock,
      onIntervals: (arrived) => {
        intervals.push(...arrived);
        const pid = processes[1]?.pid;
        if (intervals.length === 4 && pid !== undefined) process.kill(pid, 'SIGKILL');
      },
    });
    const outcome = await handle.done;
    expect(outcome).toMatchObject({ outcome: 'lost', reason: 'worker 2 of 2 was ended by SIGKILL' });
    expect(intervals.length).toBeGreaterThanOrEqual(4);
    expect(mergeIntervals(intervals).completed).toBeGreaterThan(0);
    expect(processes.filter(({ pid }) => pid !== undefined && isAlive(pid))).toEqual([]);
  });

  it('end by themselves when their coordinator is killed', async () => {
    const { url } = await faultServer(answer);
    const program = `
      const { startLoad, launchChild } = await import(${JSON.stringify(new URL('../node.ts', import.meta.url).href)});
      const { systemClock } = await import('@meshwise/core');
      const launch = async (worker) => {
        const process = await launchChild()(worker);
        console.log(process.pid);
        return process;
      };
      startLoad(${JSON.stringify(planFor(url, { pace: LONG }))}, { launch, clock: systemClock, onIntervals: () => console.log('interval') });
    `;
    const args = ['--input-type=module', '-e', program];
    const coordinator = spawn(process.execPath, args, {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void coordinator.kill('SIGKILL'));
    let output = '';
    coordinator.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await expect.poll(() => output).toContain('interval');
    const pid = Number(output.split('\n')[0]);
    expect(isAlive(pid)).toBe(true);
    coordinator.kill('SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('run behind a command that puts them elsewhere, with an environment of their own', async () => {
    const { url } = await faultServer(answer);
    const prefix = ['sh', '-c', 'test "$ONLY" = this && test -z "$HOME" && exec "$@"', 'sh'];
    const plan = planFor(url, { maxRequests: 10 });
    const onIntervals = () => {};
    const env = { PATH: '/usr/bin:/bin', ONLY: 'this' };
    const elsewhere = startLoad(plan, { launch: launchChild({ prefix, env }), clock: systemClock, onIntervals });
    expect(await elsewhere.done).toMatchObject({ outcome: 'completed' });
    const nowhere = startLoad(plan, { launch: launchChild({ prefix: ['/no/such'] }), clock: systemClock, onIntervals });
    await expect(nowhere.done).rejects.toThrow('MW8005: a worker could not be started');
    const refused = startLoad(plan, {
      launch: launchChild({ prefix: ['sh', '-c', 'echo no such namespace >&2; exit 3'] }),
      clock: systemClock,
      onIntervals,
    });
    await expect(refused.done).rejects.toThrow('worker 1 of 1 ended with code 3: no such namespace');
  });

  it.each([
    ['lines without an end', 'yes nonsense', 'nonsense'],
    ['a line without an end', 'tr "\\0" x </dev/zero', 'xxx'],
  ])('that say %s are ended', async (_, command, words) => {
    const plan = planFor('http://127.0.0.1/');
    const launch = launchChild({ prefix: ['sh', '-c', command] });
    const handle = startLoad(plan, { launch, clock: systemClock, onIntervals: () => {} });
    await expect(handle.done).rejects.toThrow(`worker 1 of 1 said what is no message: "${words}`);
  });

  it('refuse a plan with the field that is wrong', async () => {
    const plan = { ...planFor('http://127.0.0.1/'), seed: -1 };
    const handle = startLoad(plan, { clock: systemClock, onIntervals: () => {} });
    await expect(handle.done).rejects.toThrow(/MW8005: .*seed/);
  });

  it('share one schedule, and nothing is lost in adding up', async () => {
    const stages = [{ durationMs: 2_000, fromRps: 400, toRps: 400 }];
    const pace = { kind: 'open', arrivals: 'poisson', stages } as const;
    const scheduled: number[] = [];
    for (const workers of [1, 4]) {
      const { url, requests } = await faultServer(delayed((request) => (request % 10 === 0 ? 20 : 0)));
      const ran = await runLoad(planFor(url, { workers, pace, connections: { count: 8 } }));
      expect(ran.outcome).toMatchObject({ outcome: 'completed', workers });
      expect(new Set(ran.intervals.map(({ worker }) => worker)).size).toBe(workers);
      expect(ran.summary.completed).toBe(requests());
      scheduled.push(ran.summary.scheduled);
      // The percentiles of the sum are those of every single value put into one histogram again.
      const merged = Histogram.fromSparse(mergeIntervals(ran.intervals).response);
      const replayed = new Histogram();
      for (const [index, count] of ran.intervals.flatMap(({ response }) => [...pairsOf(response)])) {
        for (let nth = 0; nth < count; nth++) replayed.record(middleOf(index));
      }
      const percentilesOf = (histogram: Histogram) => PERCENTILES.map((at) => histogram.valueAtPercentile(at));
      expect(percentilesOf(merged)).toEqual(percentilesOf(replayed));
    }
    expect(scheduled[1]).toBe(scheduled[0]);
    expect(scheduled[0]).toBeGreaterThan(700);
  });
});
