import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFor } from '../testing/plans.ts';
import type { LoadPace, LoadPlan } from './plan.ts';
import { meanRps, plannedMs, plannedRequests, rateAt } from './schedule.ts';

const stage = fc.record({
  durationMs: fc.integer({ min: 1, max: 20_000 }),
  fromRps: fc.integer({ min: 0, max: 5_000 }),
  toRps: fc.integer({ min: 0, max: 5_000 }),
});
const openPlans = fc.array(stage, { minLength: 1, maxLength: 5 }).map((stages) => open(stages));

function open(stages: (LoadPace & { kind: 'open' })['stages'], said: Partial<LoadPlan> = {}): LoadPlan {
  return planFor('http://127.0.0.1/', { pace: { kind: 'open', arrivals: 'constant', stages }, ...said });
}

function closed(maxRps: number | null, maxRequests: number | null): LoadPlan {
  return planFor('http://127.0.0.1/', { pace: { kind: 'closed', durationMs: 2_500, maxRps }, maxRequests });
}

describe('the schedule of a plan', () => {
  it('has as many requests as its rate adds up to, millisecond by millisecond', () => {
    fc.assert(
      fc.property(openPlans, (plan) => {
        let sum = 0;
        for (let ms = 0; ms < plannedMs(plan); ms += 1) sum += (rateAt(plan, ms + 0.5) ?? NaN) / 1_000;
        expect(plannedRequests(plan)).toBeGreaterThanOrEqual(sum - 1e-3);
        expect(plannedRequests(plan)).toBeLessThan(sum + 1.001);
        expect(meanRps(plan)).toBeCloseTo((sum / plannedMs(plan)) * 1_000, 3);
      }),
      { numRuns: 30 },
    );
  });

  it('has 120,000 requests at 2,000 per second for a minute, neither one more nor one less', () => {
    expect(plannedRequests(open([{ durationMs: 60_000, fromRps: 2_000, toRps: 2_000 }]))).toBe(120_000);
    expect(plannedRequests(open([{ durationMs: 60_000, fromRps: 9, toRps: 9 }], { maxRequests: 7 }))).toBe(7);
    expect(plannedRequests(open([{ durationMs: 1_100, fromRps: 1, toRps: 1 }]))).toBe(2);
  });

  it('ends when as many requests are due as it may send', () => {
    fc.assert(
      fc.property(openPlans, fc.integer({ min: 1, max: 50_000 }), (plan, maxRequests) => {
        const limitedMs = plannedMs({ ...plan, maxRequests });
        expect(limitedMs).toBeLessThanOrEqual(plannedMs(plan));
        if (limitedMs === plannedMs(plan)) return;
        expect(((meanRps(plan, limitedMs) ?? NaN) * limitedMs) / 1_000).toBeCloseTo(maxRequests, 1);
      }),
    );
    const even = { durationMs: 60_000, fromRps: 100, toRps: 100 };
    expect(plannedMs(open([even], { maxRequests: 1_000 }))).toBe(10_000);
    expect(plannedMs(open([even], { maxRequests: 6_000 }))).toBe(60_000);
  });

  it('has the rate of the stage that goes on, of the first before the start, and none after the end', () => {
    const plan = open([
      { durationMs: 1_000, fromRps: 10, toRps: 20 },
      { durationMs: 1_000, fromRps: 50, toRps: 50 },
    ]);
    expect([-500, 0, 500, 1_000, 1_999, 2_000].map((ms) => rateAt(plan, ms))).toEqual([10, 10, 15, 50, 50, 0]);
    expect([meanRps(plan), meanRps(plan, 1_000), meanRps(plan, 1_500), meanRps(plan, 0)]).toEqual(
      [32.5, 15, 80 / 3, 10].map((rps) => expect.closeTo(rps, 6)),
    );
  });

  it('is limited in a closed loop by the cap, the number of requests, or nothing', () => {
    const plans = [closed(null, null), closed(null, 30), closed(10, null), closed(10, 30), closed(10, 3)];
    expect(plans.map(plannedRequests)).toEqual([null, 30, 25, 25, 3]);
    expect(plans.map((plan) => rateAt(plan, 0))).toEqual([null, null, 10, 10, 10]);
    expect([plannedMs(closed(5, 1)), meanRps(closed(5, 1))]).toEqual([2_500, 5]);
  });
});
