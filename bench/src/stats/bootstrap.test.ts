import { describe, expect, test } from 'vitest';
import { bootstrap, groupedBootstrap, isWithinNoise } from './bootstrap.ts';
import { median } from './percentile.ts';
import { seededRandom, shuffled } from './random.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a bootstrap interval', () => {
  test('holds the true mean in about 95 of 100 experiments', () => {
    const random = seededRandom(1);
    let held = 0;
    const experiments = 150;
    for (let run = 0; run < experiments; run += 1) {
      const sample = Array.from({ length: 30 }, () => random() + random() + random());
      const { low, high } = bootstrap(sample, mean, random);
      if (low <= 1.5 && high >= 1.5) held += 1;
    }
    // A percentile bootstrap of 30 blocks is a little too narrow; 0.86 is four standard errors below 0.93.
    expect(held / experiments).toBeGreaterThan(0.86);
    expect(held / experiments).toBeLessThan(1);
  });

  test('is narrower with more blocks', () => {
    const random = seededRandom(2);
    const sample = Array.from({ length: 400 }, () => random());
    const few = bootstrap(sample.slice(0, 10), mean, random);
    const many = bootstrap(sample, mean, random);
    expect(many.high - many.low).toBeLessThan(few.high - few.low);
  });

  test('keeps together what was measured together', () => {
    // The machine is up to ten times slower in some blocks, in both alike: the ratio is always 2.
    const blocks = [1, 4, 10, 2, 7].map((slowness) => ({ ours: 2 * slowness, theirs: slowness }));
    const ratio = bootstrap(
      blocks,
      (drawn) => median(drawn.map(({ ours }) => ours)) / median(drawn.map(({ theirs }) => theirs)),
      seededRandom(3),
    );
    expect(ratio).toEqual({ value: 2, low: 2, high: 2 });
  });

  test('of one block is unknown, and its value is not', () => {
    const one = bootstrap([5], mean, seededRandom(4));
    expect(one.value).toBe(5);
    expect(one.low).toBeNaN();
  });

  test('is unknown when most draws have no result', () => {
    const none = bootstrap([1, 2, 3], () => Number.NaN, seededRandom(5));
    expect(none.high).toBeNaN();
  });
});

describe('a bootstrap interval of groups', () => {
  test('is as wide as the groups differ, however alike the blocks of each are', () => {
    const groups = [1, 2, 3, 4].map((level) => Array.from({ length: 50 }, () => level));
    const flat = bootstrap(groups.flat(), mean, seededRandom(6));
    const grouped = groupedBootstrap(groups, mean, seededRandom(6));
    expect(grouped.value).toBe(2.5);
    expect(flat.high - flat.low).toBeLessThan(0.5);
    expect(grouped.high - grouped.low).toBeGreaterThan(1.5);
  });

  test('of groups that do not differ is that of their blocks', () => {
    const random = seededRandom(9);
    const groups = Array.from({ length: 20 }, () => Array.from({ length: 20 }, () => random()));
    const flat = bootstrap(groups.flat(), mean, seededRandom(10));
    const grouped = groupedBootstrap(groups, mean, seededRandom(10));
    expect((grouped.high - grouped.low) / (flat.high - flat.low)).toBeGreaterThan(0.8);
    expect((grouped.high - grouped.low) / (flat.high - flat.low)).toBeLessThan(2);
  });
});

describe('a ratio', () => {
  test.each([
    [{ value: 1.02, low: 0.98, high: 1.06 }, true],
    [{ value: 1.1, low: 1.01, high: 1.2 }, false],
    [{ value: 0.9, low: 0.8, high: 0.99 }, false],
    [{ value: 1.5, low: Number.NaN, high: Number.NaN }, true],
  ])('%j is within noise: %s', (ratio, expected) => {
    expect(isWithinNoise(ratio)).toBe(expected);
  });
});

describe('random order', () => {
  test('is the same for the same seed and holds everything once', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    const first = shuffled(values, seededRandom(7));
    expect(shuffled(values, seededRandom(7))).toEqual(first);
    expect(shuffled(values, seededRandom(8))).not.toEqual(first);
    expect([...first].sort()).toEqual(values);
  });
});
