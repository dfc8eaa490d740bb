import { describe, expect, it } from 'vitest';
import { goodSecond } from '../testing/intervals.ts';
import { planFor } from '../testing/plans.ts';
import { abortReason, windowOf } from './window.ts';

const partial = { generator: { elapsedMs: 300, cpuMs: 0, loopDelayMaxMs: 0 } };
const plan = (abort: { errorPercent?: number; responseP99Ms?: number }, workers = 1) =>
  planFor('http://127.0.0.1/', {
    workers,
    abort: { errorPercent: null, responseP99Ms: null, windowMs: 2_000, ...abort },
  });

describe('the window of the abort criteria', () => {
  it('has the last whole seconds, and none while there are too few', () => {
    const seconds = [-1, 0, 1, 2, 3].map((second) => goodSecond(second, 1, 1, second === 3 ? partial : {}));
    const of = (windowMs: number) => windowOf(seconds, windowMs).map(({ second }) => second);
    expect([of(1_000), of(2_999), of(3_000), of(4_000)]).toEqual([[2], [1, 2], [0, 1, 2], []]);
  });

  it('waits for every worker', () => {
    const both = [0, 1].map((worker) => goodSecond(0, 1, 1, { worker }));
    const intervals = [...both, goodSecond(1, 1, 1, { worker: 1 })];
    expect(windowOf(intervals, 1_000, 2)).toEqual(both);
  });
});

describe('the abort criteria', () => {
  const failing = (second: number, failed: number) => goodSecond(second, 100 - failed, 1, { failed });

  it('end a run when more fail than the plan allows, and say so', () => {
    const intervals = [failing(0, 0), failing(1, 4), failing(2, 8)];
    expect(abortReason(plan({ errorPercent: 5 }), intervals)).toBe(
      '6 % of the requests failed over the last 2 s, more than the 5 % that the plan allows',
    );
    expect(abortReason(plan({ errorPercent: 6 }), intervals)).toBeNull();
    expect(abortReason(plan({ errorPercent: 5 }, 2), intervals)).toBeNull();
  });

  it('end a run when it gets too slow', () => {
    const intervals = [goodSecond(0, 100, 900), goodSecond(1, 100, 10), goodSecond(2, 100, 40)];
    expect(abortReason(plan({ responseP99Ms: 30 }), intervals)).toBe(
      'the 99th percentile of response times was 40 ms over the last 2 s, more than the 30 ms that the plan allows',
    );
    expect(abortReason(plan({ responseP99Ms: 50 }), intervals)).toBeNull();
  });

  it('leave the warm-up out, and a run without answers or criteria alone', () => {
    expect(abortReason(plan({ errorPercent: 0 }), [failing(-2, 50), failing(-1, 50)])).toBeNull();
    expect(abortReason(plan({ errorPercent: 0, responseP99Ms: 0 }), [failing(0, 100), failing(1, 100)])).toMatch(
      /^100 %/,
    );
    expect(abortReason(plan({ responseP99Ms: 0 }), [goodSecond(0, 0, 1), goodSecond(1, 0, 1)])).toBeNull();
    expect(abortReason(plan({}), [failing(0, 100), failing(1, 100)])).toBeNull();
  });
});
