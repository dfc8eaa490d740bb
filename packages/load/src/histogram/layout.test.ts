import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEYOND_INDEX, BUCKETS, HOUR_NS, highestOf, indexOf, lowestOf, middleOf } from './layout.ts';

const nanoseconds = fc.oneof(
  fc.integer({ min: 0, max: HOUR_NS }),
  fc.integer({ min: 0, max: 5_000 }),
  // Around powers of two, where the layout changes its step.
  fc
    .tuple(fc.integer({ min: 0, max: 41 }), fc.integer({ min: -2, max: 2 }))
    .map(([bit, off]) => Math.max(0, 2 ** bit + off)),
);

describe('the layout of buckets', () => {
  it('puts every value into the bucket whose limits enclose it, which is at most 1/1024 of it wide', () => {
    fc.assert(
      fc.property(nanoseconds, (ns) => {
        const index = indexOf(ns);
        const [lowest, middle, highest] = [lowestOf(index), middleOf(index), highestOf(index)];
        expect(lowest <= ns && ns <= highest && lowest <= middle && middle <= highest).toBe(true);
        expect(highest - lowest).toBeLessThanOrEqual(ns / 1_024);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves no gap and no overlap between one bucket and the next', () => {
    for (let index = 0; index < BUCKETS; index += 1) {
      expect([indexOf(lowestOf(index)), indexOf(highestOf(index))]).toEqual([index, index]);
      if (index > 0) expect(lowestOf(index)).toBe(highestOf(index - 1) + 1);
    }
  });

  it.each([
    [0, 0],
    [2_047, 2_047],
    [2_048, 2_048],
    [2_049, 2_048],
    [2 ** 31 - 1, 22_527],
    [2 ** 31, 22_528],
    [2 ** 32 - 1, 23_551],
    [2 ** 32, 23_552],
    [HOUR_NS, BEYOND_INDEX - 1],
  ])('counts %d ns in bucket %d', (ns, index) => {
    expect(indexOf(ns)).toBe(index);
  });

  it('takes times between two nanoseconds as the earlier, and times before the start as no time', () => {
    expect([indexOf(1.9), indexOf(5_000.9), indexOf(2 ** 40 + 0.5)]).toEqual([1, indexOf(5_000), indexOf(2 ** 40)]);
    expect([indexOf(-1), indexOf(-1e12), indexOf(-0)]).toEqual([0, 0, 0]);
  });

  it('keeps what is longer than an hour, or no time at all, in a bucket of its own', () => {
    for (const ns of [HOUR_NS * 1.01, 1e15, Infinity, NaN]) expect(indexOf(ns)).toBe(BEYOND_INDEX);
  });
});
