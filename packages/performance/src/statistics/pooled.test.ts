import { Histogram } from '@meshwise/load';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { poolSparse } from './pool-sparse.ts';
import { PooledHistograms } from './pooled.ts';

const values = fc.array(fc.integer({ min: 0, max: 5_000_000_000 }), { maxLength: 40 });

function sparseOf(nanoseconds: readonly number[]) {
  const histogram = new Histogram();
  for (const ns of nanoseconds) histogram.record(ns);
  return histogram.toSparse();
}

describe('pooled histograms', () => {
  test('have the percentiles of one histogram that holds every value as often as its weight says', () => {
    const units = fc.array(fc.tuple(values, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 8 });
    const percentile = fc.oneof(
      fc.constantFrom(0.1, 50, 90, 99, 99.9, 100),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
    );
    fc.assert(
      fc.property(units, percentile, (drawn, wanted) => {
        const pooled = new PooledHistograms(drawn.map(([recorded]) => sparseOf(recorded)));
        const weights = drawn.map(([, weight]) => weight);
        const whole = Histogram.fromSparse(
          poolSparse(drawn.flatMap(([recorded, weight]) => Array.from({ length: weight }, () => sparseOf(recorded)))),
        );
        expect(pooled.count(weights)).toBe(whole.count);
        const expected = whole.count === 0 ? Number.NaN : whole.valueAtPercentile(wanted);
        expect(pooled.percentileNs(wanted, weights)).toBe(expected);
      }),
    );
  });

  test('of nothing have no percentile', () => {
    expect(new PooledHistograms([]).percentileNs(50, [])).toBeNaN();
    expect(new PooledHistograms([[], []]).percentileNs(50, [1, 1])).toBeNaN();
  });

  test('do not average: ten slow answers in one of two equal halves leave the median where it was', () => {
    const fast = sparseOf(Array.from({ length: 90 }, () => 1_000));
    const slow = sparseOf(Array.from({ length: 10 }, () => 1_000_000));
    expect(new PooledHistograms([fast, slow]).percentileNs(50, [1, 1])).toBe(1_000);
  });
});
