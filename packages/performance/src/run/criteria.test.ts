import { completePlan, type LoadSummary, summarise } from '@meshwise/load';
import { describe, expect, it } from 'vitest';
import type { Criterion } from '../record/run-record.ts';
import { judgeCriteria } from './criteria.ts';
import { intervalOf } from './testing/intervals.ts';

const plan = completePlan({ rps: 100, durationMs: 2_000 }, 'http://localhost/', { cores: 1, seed: 1 });
const outcome = { outcome: 'completed', reason: null, clockResolutionNs: 50, workers: 1 } as const;

function summaryOf(failed: number): LoadSummary {
  const intervals = [0, 1].map((second) => intervalOf({ second, completed: 100 - failed, failed, responseMs: 8 }));
  return summarise(intervals, { plan, outcome, sharesCoresWithTarget: null });
}

const met = (criterion: Criterion, summary: LoadSummary | null) => judgeCriteria([criterion], summary)[0]?.met;

describe('a criterion', () => {
  it('is met up to its limit, and the limit is part of it', () => {
    expect(met({ metric: 'errorPercent', limit: 2 }, summaryOf(2))).toBe(true);
    expect(met({ metric: 'errorPercent', limit: 2 }, summaryOf(3))).toBe(false);
    expect(met({ metric: 'achievedPercent', limit: 95 }, summaryOf(5))).toBe(true);
    expect(met({ metric: 'achievedPercent', limit: 95 }, summaryOf(6))).toBe(false);
    expect(met({ metric: 'responseP99Ms', limit: 9 }, summaryOf(0))).toBe(true);
    expect(met({ metric: 'responseP50Ms', limit: 7 }, summaryOf(0))).toBe(false);
  });

  it('is about what the server did, and not about requests that a stop cut off', () => {
    const intervals = [0, 1].map((second) => {
      const { errors, ...interval } = intervalOf({ second, completed: 90, failed: 10 });
      return { ...interval, errors: { ...errors, 'http-5xx': 1, stopped: 9 } };
    });
    const stopped = { ...outcome, outcome: 'stopped', reason: 'enough' } as const;
    const summary = summarise(intervals, { plan, outcome: stopped, sharesCoresWithTarget: null });
    expect(judgeCriteria([{ metric: 'errorPercent', limit: 2 }], summary)).toMatchObject([
      { measured: expect.closeTo(100 / 91, 6), met: true },
    ]);
  });

  it('says what was measured', () => {
    expect(judgeCriteria([{ metric: 'errorPercent', limit: 1 }], summaryOf(3))).toEqual([
      { metric: 'errorPercent', limit: 1, measured: 3, met: false },
    ]);
  });

  it('is not met by what was not measured', () => {
    for (const metric of ['responseP50Ms', 'responseP99Ms', 'errorPercent'] as const) {
      expect(judgeCriteria([{ metric, limit: 1_000 }], null)).toMatchObject([{ measured: null, met: false }]);
    }
    expect(met({ metric: 'responseP99Ms', limit: 1_000 }, summaryOf(100)), 'no answer was good').toBe(false);
  });
});
