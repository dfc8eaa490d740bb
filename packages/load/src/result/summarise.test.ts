import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import type { LoadPlan } from '../plan/plan.ts';
import type { LoadOutcome } from '../run/contract.ts';
import { goodSecond, someIntervals } from '../testing/intervals.ts';
import { planFor } from '../testing/plans.ts';
import { type SummaryContext, summarise } from './summarise.ts';
import { LoadSummary } from './summary.ts';

const OUTCOME: LoadOutcome = { outcome: 'completed', reason: null, clockResolutionNs: 40, workers: 1 };

function context(durationMs: number, rps: number, said: Partial<LoadPlan> = {}): SummaryContext {
  const stages = [{ durationMs, fromRps: rps, toRps: rps }];
  const plan = planFor('http://127.0.0.1/', { pace: { kind: 'open', arrivals: 'constant', stages }, ...said });
  return { plan, outcome: OUTCOME, sharesCoresWithTarget: false };
}

function use(elapsedMs: number, cpuMs = 0) {
  return { elapsedMs, cpuMs, loopDelayMaxMs: 0 };
}

describe('the summary of a run', () => {
  it('fits its schema, whatever the intervals are', () => {
    fc.assert(
      fc.property(someIntervals, fc.integer({ min: 100, max: 9_000 }), (intervals, durationMs) => {
        const summary = summarise(intervals, context(durationMs, 50));
        expect([...Value.Errors(LoadSummary, summary)]).toEqual([]);
        expect(summary.measuredMs).toBeLessThanOrEqual(durationMs);
      }),
    );
  });

  it('counts what was measured and leaves the warm-up out (000-96)', () => {
    const seconds = [-2, -1, 0, 1, 2].map((second) => goodSecond(second, 500, 2));
    const summary = summarise(seconds, context(3_000, 500));
    expect(summary).toMatchObject({ measuredMs: 3_000, plannedMs: 3_000, requestedRps: 500, achievedRps: 500 });
    expect(summary).toMatchObject({ scheduled: 1_500, completed: 1_500, statuses: { 200: 1_500 }, errors: [] });
    expect(summary.response).toMatchObject({ count: 1_500, p50Ms: expect.closeTo(2, 2), maxMs: expect.closeTo(2, 2) });
    expect(summary.trust.verdict).toBe('trust');
  });

  it('takes the last, partial second with the time that it had', () => {
    const seconds = [goodSecond(0, 100, 1), goodSecond(1, 25, 1, { generator: use(250) })];
    expect(summarise(seconds, context(10_000, 100))).toMatchObject({ measuredMs: 1_250, achievedRps: 100 });
  });

  it('gives the last of a number of requests its time, as the others', () => {
    const seconds = [goodSecond(0, 50, 1, { generator: use(491) })];
    expect(summarise(seconds, context(10_000, 100, { maxRequests: 50 }))).toMatchObject({
      plannedMs: 500,
      measuredMs: 500,
      requestedRps: 100,
      achievedRps: 100,
    });
    expect(summarise(seconds, context(10_000, 100, { maxRequests: 5_000 })).measuredMs).toBe(491);
  });

  it('does not credit a server with what it answered when the load was over', () => {
    const late = goodSecond(2, 100, 1_500, { scheduled: 0, sent: 0 });
    const seconds = [goodSecond(0, 50, 1, { scheduled: 100 }), goodSecond(1, 50, 1, { scheduled: 100 }), late];
    const summary = summarise(seconds, context(2_000, 100));
    expect(summary).toMatchObject({ measuredMs: 2_000, achievedRps: 50, completed: 200 });
    expect(summary.response.count).toBe(200);
  });

  it('adds workers up but not their time', () => {
    const seconds = [0, 1].flatMap((worker) =>
      [0, 1].map((second) => goodSecond(second, 50, 1, { worker, generator: use(1_000, 300) })),
    );
    const summary = summarise(seconds, context(2_000, 100));
    expect(summary).toMatchObject({ measuredMs: 2_000, achievedRps: 100 });
    expect(summary.generator.cores).toBeCloseTo(0.6, 9);
  });

  it('finds the busiest worker in its worst second, not in a moment', () => {
    const seconds = [
      goodSecond(0, 50, 1, { generator: use(1_000, 200) }),
      goodSecond(0, 50, 1, { worker: 1, generator: use(1_000, 700) }),
      goodSecond(1, 50, 1, { generator: use(4, 10) }),
    ];
    expect(summarise(seconds, context(2_000, 100)).generator.busiestWorkerCores).toBe(0.7);
  });

  it('asks for the rate of the part that was run, when a ramp was ended early', () => {
    const pace: LoadPlan['pace'] = {
      kind: 'open',
      arrivals: 'constant',
      stages: [{ durationMs: 10_000, fromRps: 0, toRps: 100 }],
    };
    const seconds = [goodSecond(0, 5, 1), goodSecond(1, 15, 1)];
    expect(summarise(seconds, context(0, 0, { pace }))).toMatchObject({ requestedRps: 10, achievedRps: 10 });
  });

  it('names errors by kind, the most frequent first', () => {
    const errors = { timeout: 2, reset: 5 };
    const seconds = [goodSecond(0, 93, 1, { failed: 7, errors, errorSamples: { reset: 'read ECONNRESET' } })];
    expect(summarise(seconds, context(1_000, 100)).errors).toEqual([
      { kind: 'reset', count: 5, sample: 'read ECONNRESET' },
      { kind: 'timeout', count: 2, sample: null },
    ]);
  });

  it('has figures of nothing when nothing was measured, and does not trust them', () => {
    const summary = summarise([goodSecond(-1, 100, 1)], context(1_000, 100));
    expect(summary).toMatchObject({ measuredMs: 0, achievedRps: 0, scheduled: 0, trust: { verdict: 'do not trust' } });
    expect(summary.response).toMatchObject({ count: 0, p50Ms: null, maxMs: null, meanMs: null });
  });
});
