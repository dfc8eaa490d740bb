import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addLatencies,
  countOf,
  type Latencies,
  latenciesSince,
  latenciesText,
  NO_LATENCIES,
  percentileMs,
  readLatencies,
} from './latencies.ts';

/** Values as Envoy counts them: whole milliseconds, cut to two significant digits. */
function counted(values: readonly number[]): Latencies {
  return values.reduce<Latencies>((sum, value) => {
    const width = value < 1 ? 0 : 10 ** (Math.floor(Math.log10(value)) - 1);
    const floor = width === 0 ? 0 : Number((Math.floor(value / width + 1e-9) * width).toPrecision(2));
    return addLatencies(sum, new Map([[floor, { width, count: 1 }]]));
  }, NO_LATENCIES);
}

const values = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 200 });

describe('latencies by buckets', () => {
  test('have no percentile without a sample: unknown is unknown', () => {
    expect(percentileMs(NO_LATENCIES, 99)).toBeUndefined();
  });

  test('never tell a percentile below the true one, nor more than a bucket above it', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (samples, percent) => {
        const sorted = samples.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
        const told = percentileMs(counted(samples), percent) ?? -1;
        expect(told).toBeGreaterThan(exact);
        expect(told).toBeLessThanOrEqual(Math.max(exact + 1, exact * 1.2));
      }),
    );
  });

  test('of callers and moments add up, and a difference is what came since', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const [a, b] = [counted(first), counted(second)];
        const sum = addLatencies(a, b);
        expect(countOf(sum)).toBe(first.length + second.length);
        expect(latenciesText(latenciesSince(a, sum))).toBe(latenciesText(b));
      }),
    );
  });

  test('count from zero after a restart', () => {
    const [before, after] = [counted([5, 5, 7]), counted([5])];
    expect(latenciesSince(before, after)).toEqual(after);
  });

  test('survive the text in which a status keeps them', () => {
    fc.assert(
      fc.property(values, (samples) => {
        expect(readLatencies(latenciesText(counted(samples)))).toEqual(counted(samples));
      }),
    );
    expect(readLatencies('')).toEqual(NO_LATENCIES);
    expect(readLatencies('x 1+2 3+4:0 -1+1:2')).toEqual(NO_LATENCIES);
  });
});
