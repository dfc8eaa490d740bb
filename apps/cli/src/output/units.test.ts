import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { age, bytes, duration, figure, remaining } from './units.ts';

describe('durations', () => {
  test.each([
    [0, '0s'],
    [119_999, '119s'],
    [120_000, '2m'],
    [200_000, '3m20s'],
    [3_600_000, '60m'],
    [3 * 3_600_000 + 60_000, '3h1m'],
    [50 * 3_600_000, '2d2h'],
    [30 * 86_400_000, '30d'],
  ])('%d ms is %s, as kubectl writes it', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  test('never claim more than has passed', () => {
    const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e11 }), (ms) => {
        const parts = [...duration(ms).matchAll(/(\d+)([smhd])/g)];
        const seconds = parts.reduce(
          (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? Number.NaN),
          0,
        );
        expect(seconds).toBeLessThanOrEqual(ms / 1000);
        expect(seconds).toBeGreaterThanOrEqual((ms / 1000) * 0.6 - 1);
      }),
    );
  });

  test('of a time that nobody knows are unknown, and of one ahead of our clock nothing', () => {
    expect([age(null, 5), age('soon', 5), age(undefined, 5)]).toEqual([null, null, null]);
    expect(age('1970-01-01T00:01:00Z', 0)).toBe('0s');
    expect([remaining(null, 0), remaining('1970-01-01T00:01:00Z', 0)]).toEqual([null, '60s']);
  });
});

test('what was not measured is not zero', () => {
  expect([figure(null, 'ms'), bytes(null), figure(0, '%')]).toEqual([null, null, '0.0%']);
});
