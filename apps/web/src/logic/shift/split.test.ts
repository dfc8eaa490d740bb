import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { between, evenly, type Split, shareOut, sumOf, withWeight } from './split.ts';

const NAMES = ['v1', 'v2', 'v3', 'v4'];
const splits: fc.Arbitrary<Split> = fc
  .array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 4 })
  .map((parts) => Object.fromEntries(shareOut(100, parts).map((share, index) => [NAMES[index] ?? '', share])));
const locks = fc.subarray(['v2', 'v3', 'v4']);

describe('a split', () => {
  test('sums to 100 whatever one version is given, in whole numbers, and locked ones keep theirs', () => {
    fc.assert(
      fc.property(splits, fc.integer({ min: -20, max: 150 }), locks, (split, wanted, locked) => {
        const next = withWeight(split, 'v1', wanted, locked);
        expect(sumOf(next)).toBe(100);
        for (const [name, weight] of Object.entries(next)) {
          expect(Number.isInteger(weight) && weight >= 0).toBe(true);
          if (locked.includes(name)) expect(weight).toBe(split[name]);
        }
      }),
    );
  });

  test('sums to 100 when it is made even, and then no two differ by more than one', () => {
    fc.assert(
      fc.property(splits, locks, (split, locked) => {
        const known = locked.filter((name) => split[name] !== undefined);
        const next = evenly(split, known);
        const free = Object.entries(next).flatMap(([name, weight]) => (known.includes(name) ? [] : [weight]));
        expect(sumOf(next)).toBe(100);
        expect(Math.max(...free) - Math.min(...free)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('goes to another in whole percents that sum to 100, and ends there exactly', () => {
    fc.assert(
      fc.property(splits, splits, fc.integer({ min: 0, max: 100 }), (from, to, percent) => {
        expect(sumOf(between(from, to, percent))).toBe(100);
        expect(between(from, to, 100)).toEqual(to);
      }),
    );
  });

  test('takes from the others what they have, in proportion', () => {
    expect(withWeight({ v1: 90, v2: 10, v3: 0 }, 'v3', 50, [])).toEqual({ v1: 45, v2: 5, v3: 50 });
    expect(withWeight({ v1: 90, v2: 10, v3: 0 }, 'v3', 50, ['v2'])).toEqual({ v1: 40, v2: 10, v3: 50 });
    expect(withWeight({ v1: 90, v2: 10, v3: 0 }, 'v3', 99, ['v1'])).toEqual({ v1: 90, v2: 0, v3: 10 });
  });
});
