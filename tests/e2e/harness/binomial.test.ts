import { expect, test } from 'vitest';
import { binomialBounds } from './binomial.ts';

test('bounds of a fair coin are symmetric and grow as the square root', () => {
  const { low, high } = binomialBounds(100, 0.5);
  expect(low + high).toBe(100);
  expect({ low, high }).toEqual({ low: 26, high: 74 });
});

test('what must appear at all has a lower bound of one only when enough is tried', () => {
  expect(binomialBounds(20, 1 / 3).low).toBe(0);
  expect(binomialBounds(60, 1 / 3).low).toBeGreaterThan(0);
});
