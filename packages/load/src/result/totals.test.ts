import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, mergeSparse } from '../histogram/sparse.ts';
import { someIntervals } from '../testing/intervals.ts';
import { mergeIntervals } from './totals.ts';

describe('the sum of intervals', () => {
  it('is the same whatever the order, and loses nothing', () => {
    fc.assert(
      fc.property(someIntervals, (intervals) => {
        const totals = mergeIntervals(intervals);
        // Which of several messages is kept does depend on the order.
        const { errorSamples: _, ...reversed } = mergeIntervals(intervals.toReversed());
        expect(totals).toMatchObject(reversed);
        for (const name of ['service', 'response', 'lag', 'errorResponse'] as const) {
          expect(countOf(totals[name])).toBe(intervals.reduce((sum, one) => sum + countOf(one[name]), 0));
        }
        expect(totals.completed).toBe(intervals.reduce((sum, one) => sum + one.completed, 0));
        const statuses = intervals.flatMap((one) => Object.values(one.statuses)).reduce((sum, one) => sum + one, 0);
        expect(Object.values(totals.statuses).reduce((sum, one) => sum + one, 0)).toBe(statuses);
      }),
    );
  });

  it('of a part and the rest is the sum of both', () => {
    fc.assert(
      fc.property(someIntervals, someIntervals, (some, others) => {
        const [a, b, both] = [mergeIntervals(some), mergeIntervals(others), mergeIntervals([...some, ...others])];
        expect(both.response).toEqual(mergeSparse(a.response, b.response));
        expect(both.sent).toBe(a.sent + b.sent);
        expect(both.errors.reset ?? 0).toBe((a.errors.reset ?? 0) + (b.errors.reset ?? 0));
      }),
    );
  });

  it('keeps the first message of each kind of error', () => {
    const [first] =
      fc.sample(
        someIntervals.filter(({ length }) => length > 0),
        { numRuns: 1, seed: 1 },
      )[0] ?? [];
    if (first === undefined) throw new Error('there is no interval');
    const merged = mergeIntervals([
      { ...first, errorSamples: { reset: 'a' } },
      { ...first, errorSamples: { reset: 'b', timeout: 'c' } },
    ]);
    expect(merged.errorSamples).toEqual({ reset: 'a', timeout: 'c' });
  });
});
