import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearTicks, logScale, logTicks, niceSpan } from './scale.ts';
import { bytesText, latencyText, numberText, percentText, rateText, signedText, timeText, UNKNOWN } from './units.ts';

describe('ticks', () => {
  test.each([
    [{ from: 0, to: 10 }, 5, [0, 2, 4, 6, 8, 10]],
    [{ from: 0, to: 0.3 }, 4, [0, 0.1, 0.2, 0.3]],
    [{ from: -3, to: 7 }, 4, [0, 5]],
    [{ from: 0, to: 47_000 }, 4, [0, 20_000, 40_000]],
  ])('of %j are round', (span, count, expected) => {
    expect(linearTicks(span, count)).toEqual(expected);
  });

  test('of a logarithmic axis are powers of ten, with doubles and fives when there are few', () => {
    expect(logTicks({ from: 0.5, to: 20 })).toEqual([0.5, 1, 2, 5, 10, 20]);
    expect(logTicks({ from: 0.001, to: 1_000 })).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1_000]);
  });

  test('lie within the span and are neither none nor many, whatever it is', () => {
    const bound = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(bound, bound, fc.integer({ min: 2, max: 10 }), (a, b, count) => {
        const span = niceSpan(Math.min(a, b), Math.max(a, b), count);
        const ticks = linearTicks(span, count);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThanOrEqual(2 * count + 4);
        expect(span.from).toBeLessThan(span.to);
      }),
    );
  });

  test('zero has its place at the lower end of a logarithmic axis', () => {
    expect(logScale({ from: 1, to: 100 }, { from: 0, to: 50 }).at(0)).toBe(0);
    expect(logScale({ from: 1, to: 100 }, { from: 0, to: 50 }).at(10)).toBe(25);
  });
});

describe('units', () => {
  test.each([
    [latencyText(0.000_85), '850 ns'],
    [latencyText(0.0123), '12.3 µs'],
    [latencyText(0.42), '0.42 ms'],
    [latencyText(999.7), '1 s'],
    [latencyText(null), UNKNOWN],
    [numberText(1_234_567), '1,234,567'],
    [numberText(0.4), '0.4'],
    [rateText(2_000), '2,000 rps'],
    [percentText(0.000_01), '<0.001 %'],
    [percentText(99.9995), '>99.999 %'],
    [percentText(0), '0 %'],
    [bytesText(49.2e6), '49.2 MB'],
    [bytesText(0), '0 B'],
    [timeText(500), '0.5 s'],
    [timeText(125_000), '2 min 5 s'],
    [timeText(3_720_000), '1 h 2 min'],
    [signedText(-0.5, latencyText), '−0.5 ms'],
    [signedText(0.5, latencyText), '+0.5 ms'],
    [signedText(0, latencyText), '0 ms'],
  ])('read %s', (text, expected) => {
    expect(text).toBe(expected);
  });
});
