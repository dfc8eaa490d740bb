import { expect, test } from 'vitest';
import { achievedPercent, formatTimer, successPercent } from './figures.ts';

test('what was dropped counts against success, and nothing asked is no share', () => {
  expect(successPercent({ completed: 3, failed: 0, dropped: 1 })).toBe(75);
  expect(successPercent({ completed: 0, failed: 0, dropped: 0 })).toBeNull();
  expect(achievedPercent(90, 100)).toBe(90);
  expect(achievedPercent(90, null)).toBeNull();
});

test('timers do not jump between units', () => {
  expect([0, 59_600, 64_000, 3_727_000].map(formatTimer)).toEqual(['0:00', '1:00', '1:04', '1:02:07']);
});
