import { describe, expect, it } from 'vitest';
import { intervalOf } from '../testing/fake-worker.ts';
import { planFor } from '../testing/plans.ts';
import { abortJudge } from './abort-judge.ts';

const plan = planFor('http://127.0.0.1/', {
  workers: 2,
  abort: { errorPercent: 10, responseP99Ms: null, windowMs: 2_000 },
});
const second = (at: number, worker: number, failed: number) =>
  intervalOf({ second: at, worker, completed: 100 - failed, failed });

describe('the criteria of a plan', () => {
  it('end a run once every worker has reported the seconds of the window', () => {
    const judge = abortJudge(plan);
    const answers = [second(0, 0, 50), second(0, 1, 50), second(1, 0, 50)].map(judge);
    expect(answers).toEqual([null, null, null]);
    expect(judge(second(1, 1, 50))).toContain('50 % of the requests failed');
  });

  it('forget what is older than the window', () => {
    const judge = abortJudge(plan);
    for (const worker of [0, 1]) judge(second(0, worker, 100));
    const later = Array.from({ length: 40 }, (_, at) => [judge(second(at + 2, 0, 1)), judge(second(at + 2, 1, 1))]);
    // The windows of the first of them still reach back to the bad second.
    expect(later[0]?.[1]).toContain('50.5 %');
    expect(
      later
        .slice(2)
        .flat()
        .every((reason) => reason === null),
    ).toBe(true);
  });
});
