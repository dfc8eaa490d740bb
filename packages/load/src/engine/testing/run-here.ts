import { systemClock } from '@meshwise/core';
import { Histogram } from '../../histogram/histogram.ts';
import type { LoadPlan } from '../../plan/plan.ts';
import type { Interval } from '../../result/interval.ts';
import { EngineRun } from '../engine-run.ts';
import { Alarm } from '../pacing/alarm.ts';
import { systemTimeSource } from '../time-source.ts';

/** What a run of one worker measured, all intervals together. */
export interface Measured {
  readonly intervals: readonly Interval[];
  sum(
    name:
      | 'scheduled'
      | 'sent'
      | 'completed'
      | 'failed'
      | 'dropped'
      | 'connectionsOpened'
      | 'bytesSent'
      | 'bytesReceived',
  ): number;
  readonly errors: Readonly<Record<string, number>>;
  sample(kind: string): string | undefined;
  histogram(name: 'service' | 'response' | 'lag' | 'errorResponse'): Histogram;
}

/** Carries a plan out in this process, gently, since the target of a test is in it too. `stop` ends it when it settles. */
export async function runHere(plan: LoadPlan, stop?: Promise<unknown>): Promise<Measured> {
  const intervals: Interval[] = [];
  const run = new EngineRun(
    plan,
    { index: 0, count: 1 },
    {
      clock: systemClock,
      source: systemTimeSource,
      alarm: new Alarm(),
      isGentle: true,
      cpuMs: () => 0,
      emit: (interval) => intervals.push(interval),
    },
  );
  await run.open();
  run.start(systemTimeSource.nowNs());
  stop?.then(() => run.stop());
  await run.over;
  return measured(intervals);
}

function measured(intervals: readonly Interval[]): Measured {
  const errors: Record<string, number> = {};
  for (const interval of intervals) {
    for (const [kind, count] of Object.entries(interval.errors)) errors[kind] = (errors[kind] ?? 0) + count;
  }
  return {
    intervals,
    errors,
    sum: (name) => intervals.reduce((sum, interval) => sum + interval[name], 0),
    sample: (kind) =>
      intervals.flatMap(({ errorSamples }) => Object.entries(errorSamples)).find(([name]) => name === kind)?.[1],
    histogram: (name) => {
      const whole = new Histogram();
      for (const interval of intervals) whole.addSparse(interval[name]);
      return whole;
    },
  };
}
