import { expect, test } from 'vitest';
import { isPlausible } from './binomial.ts';

test('a fair coin may fall 26 to 74 times of a hundred, and neither less nor more', () => {
  const counts = Array.from({ length: 101 }, (_, count) => count).filter((count) => isPlausible(count, 100, 0.5));
  expect([counts[0], counts.at(-1), counts.length]).toEqual([26, 74, 49]);
});

test('tells 80 per cent from 70 in a thousand tries, and cannot in twenty', () => {
  expect([isPlausible(800, 1000, 0.8), isPlausible(700, 1000, 0.8)]).toEqual([true, false]);
  expect([isPlausible(14, 20, 0.8), isPlausible(0, 20, 1 / 3)]).toEqual([true, true]);
});

test('what never happens has not happened once, and what always does has failed never', () => {
  expect([isPlausible(0, 10, 0), isPlausible(1, 10, 0)]).toEqual([true, false]);
  expect([isPlausible(10, 10, 1), isPlausible(9, 10, 1)]).toEqual([true, false]);
});
