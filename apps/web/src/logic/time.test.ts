import { expect, test } from 'vitest';
import { formatAbsolute, formatAge, formatRelative, parseTime } from './time.ts';

const MINUTE_MS = 60_000;

test.each([
  [-5, '0 s'],
  [999, '0 s'],
  [41_900, '41 s'],
  [12.9 * MINUTE_MS, '12 min'],
  [23.5 * 60 * MINUTE_MS, '23 h'],
  [47 * 60 * MINUTE_MS, '47 h'],
  [72 * 60 * MINUTE_MS, '3 d'],
])('%d ms is an age of %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

test('times ahead say in, times behind say ago', () => {
  expect(formatRelative(10 * MINUTE_MS, 0)).toBe('in 10 min');
  expect(formatRelative(0, 3 * MINUTE_MS)).toBe('3 min ago');
  expect(formatRelative(500, 0)).toBe('now');
});

test('an absolute time names its zone', () => {
  expect(formatAbsolute(Date.UTC(2026, 2, 4, 5, 6, 7))).toBe('2026-03-04 05:06:07 UTC');
});

test('what is no time is undefined instead of 1970', () => {
  expect(parseTime(null)).toBeUndefined();
  expect(parseTime('soon')).toBeUndefined();
  expect(parseTime('1970-01-01T00:00:01Z')).toBe(1000);
});
