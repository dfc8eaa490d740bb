import { type Clock, MeshwiseError } from '@meshwise/core';
import type { LoadPlan } from '../plan/plan.ts';
import type { Interval } from '../result/interval.ts';
import { abortJudge } from './abort-judge.ts';
import { launchChild } from './child-worker.ts';
import type { LaunchWorker, LoadOutcome } from './contract.ts';
import { Crew } from './crew.ts';
import { runAtMostMs, startAtMostMs } from './limits.ts';

/** What is going on; the second and third follow from the plan, since workers keep to its time. */
export type LoadPhase = 'preparing' | 'warming up' | 'measuring' | 'ending';

export interface StartLoadOptions {
  /** Starts a worker process; by default a child of this one. */
  readonly launch?: LaunchWorker;
  readonly clock: Clock;
  /** Stops the run, with its reason. */
  readonly signal?: AbortSignal;
  /** Called with what was measured as it arrives, until `done` settles. Throwing ends the run. */
  readonly onIntervals: (intervals: readonly Interval[]) => void;
  readonly onState?: (phase: LoadPhase) => void;
}

export interface LoadRunHandle {
  /** Ends the run early; what was measured is kept. Does nothing when it is ending already. */
  stop(reason: string): void;
  /**
   * Settles when no worker is left. Rejects with MW8005 when nothing could be measured since the workers could not be started;
   * whatever happens later is an outcome, and what has arrived until then counts.
   */
  readonly done: Promise<LoadOutcome>;
}

interface Ending {
  readonly outcome: LoadOutcome['outcome'];
  readonly reason: string | null;
}

/**
 * Runs a plan in worker processes that keep to one schedule, each its share of it, and ends all when one of them ends before its
 * time: what a part of the generator measured is not what was asked for. Every wait has an end.
 */
export function startLoad(plan: LoadPlan, options: StartLoadOptions): LoadRunHandle {
  const ending = Promise.withResolvers<Ending>();
  const stop = (reason: string) => ending.resolve({ outcome: 'stopped', reason });
  const { signal } = options;
  const onAbort = () => stop(MeshwiseError.from(signal?.reason).summary);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const done = conduct(plan, options, ending).finally(() => signal?.removeEventListener('abort', onAbort));
  return { stop, done };
}

async function conduct(
  plan: LoadPlan,
  options: StartLoadOptions,
  ending: PromiseWithResolvers<Ending>,
): Promise<LoadOutcome> {
  const { clock, launch = launchChild(), onState = () => {} } = options;
  const end = (outcome: Ending['outcome'], reason: string | null) => ending.resolve({ outcome, reason });
  const judge = abortJudge(plan);
  const onInterval = (interval: Interval) => {
    try {
      options.onIntervals([interval]);
      const reason = judge(interval);
      if (reason !== null) end('aborted', reason);
    } catch (error) {
      end('failed', MeshwiseError.from(error).summary);
    }
  };
  const crew = new Crew({ plan, launch, clock, onInterval, onBadEnd: ({ how, reason }) => end(how, reason) });
  const timers: (() => void)[] = [];
  const after = (delayMs: number, callback: () => void) => timers.push(clock.after(delayMs, callback));
  try {
    onState('preparing');
    after(startAtMostMs(plan), () => end('lost', 'the workers did not become ready in time'));
    if (await isFirst(crew.assemble(), ending.promise)) {
      cancelAll(timers);
      crew.start();
      onState('warming up');
      after(plan.warmUpMs, () => onState('measuring'));
      after(runAtMostMs(plan), () => end('lost', 'the workers did not come to an end in time'));
      crew.ended().then(() => end('completed', null));
    } else if ((await ending.promise).outcome !== 'stopped') {
      throw new MeshwiseError('MW8005', (await ending.promise).reason ?? '');
    }
    const { outcome, reason } = await ending.promise;
    onState('ending');
    return { outcome, reason, clockResolutionNs: crew.clockResolutionNs, workers: plan.workers };
  } finally {
    cancelAll(timers);
    await crew.dismiss();
  }
}

async function isFirst(one: Promise<unknown>, other: Promise<unknown>): Promise<boolean> {
  return await Promise.race([one.then(() => true), other.then(() => false)]);
}

function cancelAll(timers: (() => void)[]): void {
  for (const cancel of timers.splice(0)) cancel();
}
