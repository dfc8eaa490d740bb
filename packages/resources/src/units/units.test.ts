import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDurationMs, parseDurationMs } from './duration.ts';
import { parsePercent, scaleIntOrPercent } from './int-or-string.ts';
import { formatQuantity, parseQuantity } from './quantity.ts';

describe('Durations', () => {
  it.each([
    ['10s', 10_000],
    ['1h2m', 3_720_000],
    ['250ms', 250],
    ['1.5s', 1500],
    ['0', 0],
    ['.5m', 30_000],
    ['-2s', -2000],
    ['100us', 0.1],
  ])('reads %s', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it.each(['', '10', 's', '1d', '1s2', '1 s', '1h 2m', '--1s', '1.2.3s'])('refuses %j', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  it('come back from their own text', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e10 }), (ms) => parseDurationMs(formatDurationMs(ms)) === ms));
  });

  it('of any text are a number or nothing', () => {
    fc.assert(fc.property(fc.string(), (text) => Number.isFinite(parseDurationMs(text) ?? 0)));
  });
});

describe('Quantities', () => {
  it.each([
    ['100m', 0.1],
    ['1Gi', 2 ** 30],
    ['1.5Ki', 1536],
    ['2k', 2000],
    ['1e3', 1000],
    ['5', 5],
    ['-1', -1],
    ['3E', 3e18],
  ])('reads %s', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each(['', 'm', '1 Gi', '1gi', '1K', 'lots', '1.2.3'])('refuses %j', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it('come back from their own text', () => {
    const format = fc.constantFrom('decimal' as const, 'binary' as const);
    fc.assert(
      fc.property(fc.maxSafeInteger(), format, (value, how) => parseQuantity(formatQuantity(value, how)) === value),
    );
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), (milli) => parseQuantity(`${milli}m`) === milli / 1000));
  });
});

describe('Counts and percentages', () => {
  it('round as Kubernetes does', () => {
    expect(scaleIntOrPercent('25%', 3, 'up')).toBe(1);
    expect(scaleIntOrPercent('25%', 3, 'down')).toBe(0);
    expect(scaleIntOrPercent(2, 3, 'up')).toBe(2);
    expect(scaleIntOrPercent('many', 3, 'up')).toBeUndefined();
    expect(parsePercent('30%')).toBe(30);
  });
});
