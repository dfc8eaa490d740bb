import { describe, expect, test } from 'vitest';
import { binomialAtMost, shareAtMost } from './binomial.ts';
import { normalBelow, studentLimit } from './distributions.ts';
import { median, medianDeviation, quantile } from './quantile.ts';
import { seededRandom, seedOf } from './random.ts';

describe('published tables', () => {
  test.each([
    [0, 0.5],
    [1, 0.841345],
    [-1.96, 0.024998],
    [2.5758, 0.995],
  ])('have the normal distribution at %d as %d', (z, below) => {
    expect(normalBelow(z)).toBeCloseTo(below, 5);
  });

  test.each([
    [4, 2.776],
    [9, 2.262],
    [14, 2.145],
    [30, 2.042],
    [120, 1.98],
  ])('have Student’s t for %i degrees of freedom as %d', (freedom, limit) => {
    expect(studentLimit(freedom)).toBeCloseTo(limit, 2);
  });

  test.each([
    [0, 10, 0.5, 1 / 1024],
    [5, 10, 0.5, 0.6230469],
    [2, 20, 0.1, 0.6769268],
    [10, 10, 0.9, 1],
  ])('have at most %i of %i with chance %d as %d', (count, total, chance, expected) => {
    expect(binomialAtMost(count, total, chance)).toBeCloseTo(expected, 6);
  });

  test.each([
    [0, 10, 0.3084971],
    [1, 10, 0.4450161],
    [0, 1_000, 0.003682084],
    [10, 10, 1],
  ])('have %i of %i compatible with a share of %d at most', (count, total, expected) => {
    expect(shareAtMost(count, total)).toBeCloseTo(expected, 6);
  });
});

describe('a sample', () => {
  test('has a median and a deviation that one outlier does not move', () => {
    expect(median([1, 2, 3, 4, 1e9])).toBe(3);
    expect(medianDeviation([1, 2, 3, 4, 1e9])).toBeCloseTo(1.4826, 10);
  });

  test('has quantiles between neighbours in proportion, by number and not by text', () => {
    expect(quantile([100, 9, 20], 0.5)).toBe(20);
    expect(quantile([10, 20, 30, 40], 0.9)).toBeCloseTo(37, 10);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('random numbers', () => {
  test('are the same for the same seed, others for another, and spread evenly', () => {
    const draw = (seed: number) => Array.from({ length: 4_000 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const below = draw(3).filter((value) => value < 0.25).length;
    expect(binomialAtMost(below, 4_000, 0.25)).toBeGreaterThan(1e-6);
    expect(binomialAtMost(below, 4_000, 0.25)).toBeLessThan(1 - 1e-6);
  });

  test('of two texts have two seeds', () => {
    expect(seedOf('run-a')).toBe(seedOf('run-a'));
    expect(seedOf('run-a')).not.toBe(seedOf('run-b'));
  });
});
