import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median, percentile } from './percentile.ts';

describe('a percentile', () => {
  test('lies between neighbours in proportion', () => {
    expect(percentile([10, 20, 30, 40], 0.5)).toBe(25);
    expect(percentile([10, 20, 30, 40], 0.9)).toBeCloseTo(37, 10);
  });

  test('sorts by number and not by text', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  test('of nothing is unknown', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });

  test('has as large a share of the sample below it as asked', () => {
    const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(sample, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const found = percentile(values, share);
        const below = values.filter((value) => value < found).length;
        const atMost = values.filter((value) => value <= found).length;
        const position = (values.length - 1) * share;
        expect(below).toBeLessThanOrEqual(Math.ceil(position));
        expect(atMost).toBeGreaterThan(Math.floor(position) - 1);
      }),
    );
  });

  test('leaves the sample in its order', () => {
    const sample = [3, 1, 2];
    percentile(sample, 0.5);
    expect(sample).toEqual([3, 1, 2]);
  });
});
