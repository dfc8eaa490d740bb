import { describe, expect, test } from 'vitest';
import { binomialAtMost } from './binomial.ts';
import { differenceOf, estimateOf, minus, sample } from './estimate.ts';
import { seededRandom } from './random.ts';
import { resampleSeries, resampleUnits } from './resample.ts';

const EXPERIMENTS = 300;

/** What fewer than this many of the experiments show once in a million times, if each shows it with `chance`. */
function rarelyBelow(chance: number): number {
  let count = 0;
  while (binomialAtMost(count, EXPERIMENTS, chance) < 1e-6) count += 1;
  return count;
}

const meanOf = (values: readonly number[]) => (weights: ArrayLike<number>) =>
  values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) / values.length;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe('an interval', () => {
  test.each([6, 10, 30])('of %i rounds holds the true mean in 95 of 100 experiments', (rounds) => {
    const random = seededRandom(rounds);
    let held = 0;
    for (let experiment = 0; experiment < EXPERIMENTS; experiment += 1) {
      const values = Array.from({ length: rounds }, () => 5 + normal(random));
      const { low, high } = estimateOf(sample(rounds, rounds, resampleUnits(rounds, random, 400), meanOf(values)));
      if (low !== null && high !== null && low <= 5 && high >= 5) held += 1;
    }
    expect(held).toBeGreaterThan(rarelyBelow(0.93));
    expect(held, 'not by being so wide that it says nothing').toBeLessThan(EXPERIMENTS);
  });

  test('of seconds that hang together is honest only if blocks of them are drawn', () => {
    const random = seededRandom(7);
    const seconds = 120;
    const held = { blocks: 0, single: 0 };
    for (let experiment = 0; experiment < EXPERIMENTS; experiment += 1) {
      // Each second is like the one before it, as when a machine is busy for a while.
      let last = normal(random) / Math.sqrt(1 - 0.6 ** 2);
      const values = Array.from({ length: seconds }, () => (last = 0.6 * last + normal(random)));
      const holds = (draws: ReturnType<typeof resampleUnits>) => {
        const { low, high } = estimateOf(sample(seconds, seconds, draws, meanOf(values)));
        return low !== null && high !== null && low <= 0 && high >= 0;
      };
      if (holds(resampleSeries(seconds, 8, random, 300))) held.blocks += 1;
      if (holds(resampleUnits(seconds, random, 300))) held.single += 1;
    }
    expect(held.blocks).toBeGreaterThan(rarelyBelow(0.87));
    expect(held.single).toBeLessThan(held.blocks - 30);
  });

  test('keeps together what was measured together: slowness of a whole round cancels out', () => {
    const slowness = [1, 4, 10, 2, 7, 3, 5, 8];
    const draws = resampleUnits(8, seededRandom(3));
    const sampled = (extra: number) => sample(8, 8, draws, meanOf(slowness.map((value) => value + extra)));
    expect(differenceOf(sampled(2), sampled(0))).toEqual({ value: 2, low: 2, high: 2, verdict: 'more' });
    expect(differenceOf(sampled(0), sampled(2)).verdict).toBe('less');
    expect(differenceOf(sampled(1), sampled(1))).toEqual({ value: 0, low: 0, high: 0, verdict: 'within noise' });
  });

  test('of too few rounds is unknown, and its value is not', () => {
    const sampled = sample(4, 4, resampleUnits(4, seededRandom(1)), meanOf([1, 2, 3, 4]));
    expect(estimateOf(sampled)).toEqual({ value: 2.5, low: null, high: null });
    expect(differenceOf(sampled, minus(sampled, sampled)).verdict).toBe('unknown');
  });

  test('of what was not measured is unknown altogether', () => {
    const nothing = sample(9, 9, resampleUnits(9, seededRandom(1)), () => Number.NaN);
    expect(differenceOf(nothing, nothing)).toEqual({ value: null, low: null, high: null, verdict: 'unknown' });
  });

  test('is the same whenever it is computed again', () => {
    const again = () =>
      estimateOf(sample(9, 9, resampleUnits(9, seededRandom(5)), meanOf([1, 5, 2, 8, 3, 1, 1, 9, 4])));
    expect(again()).toEqual(again());
  });
});

describe('drawing again', () => {
  test('takes as many units as there are, and neighbours in blocks', () => {
    for (const weights of resampleSeries(23, 5, seededRandom(2), 200)) {
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(23);
      expect(weights.filter((weight) => weight > 0).length).toBeGreaterThanOrEqual(5);
    }
    const often = resampleSeries(23, 5, seededRandom(2), 4_000).reduce((sum, weights) => sum + (weights[0] ?? 0), 0);
    // The first second is drawn as often as any other.
    expect(often / 4_000).toBeGreaterThan(0.9);
    expect(often / 4_000).toBeLessThan(1.1);
  });
});
