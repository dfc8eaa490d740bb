import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestIndex, rowWords } from './chart-cursor.ts';

test('the cursor stands on the nearest row, wherever the pointer is', () => {
  const places = fc
    .uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1 })
    .map((xs) => xs.sort((a, b) => a - b));
  fc.assert(
    fc.property(places, fc.integer({ min: -100, max: 1100 }), (xs, x) => {
      const distance = Math.abs((xs[nearestIndex(xs, x)] ?? 0) - x);
      expect(distance).toBe(Math.min(...xs.map((other) => Math.abs(other - x))));
    }),
  );
});

test('a row is read with the names of its columns', () => {
  const table = { headings: ['Second', 'p50'], rows: [['12', '3.1 ms']] };
  expect(rowWords(table, 0)).toBe('Second 12 · p50 3.1 ms');
  expect(rowWords(table, 9)).toBe('');
});
