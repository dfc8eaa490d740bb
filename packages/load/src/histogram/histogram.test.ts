import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { Histogram } from './histogram.ts';
import { HOUR_NS } from './layout.ts';

const ns = fc.oneof(fc.integer({ min: 1, max: HOUR_NS }), fc.integer({ min: 1, max: 50_000_000 }));
const samples = fc.array(ns, { minLength: 1, maxLength: 300 });
const percentile = fc.oneof(
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.constantFrom(0, 50, 90, 99, 99.9, 99.99, 100),
);

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('a histogram', () => {
  it('is off by at most a thousandth from the raw samples, at every percentile, from 1 ns to an hour', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 10_000 }), (values, hundredths) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.ceil((hundredths * sorted.length) / 10_000) - 1] ?? NaN;
        const answer = histogramOf(values).valueAtPercentile(hundredths / 100);
        expect(Math.abs(answer - exact) / exact).toBeLessThanOrEqual(0.001);
      }),
    );
  });

  it('says what HdrHistogram says of the same values', () => {
    fc.assert(
      fc.property(samples, percentile, (values, at) => {
        const reference = build({
          bitBucketSize: 64,
          highestTrackableValue: HOUR_NS,
          numberOfSignificantValueDigits: 3,
        });
        for (const value of values) reference.recordValue(value);
        const ours = histogramOf(values);
        expect(ours.count).toBe(reference.totalCount);
        expect(ours.valueAtPercentile(at)).toBe(reference.getValueAtPercentile(at));
        expect(ours.meanNs).toBe(reference.mean);
        expect(ours.standardDeviationNs).toBeCloseTo(reference.stdDeviation, 3);
      }),
    );
  });

  it('has percentiles that never fall, between its minimum and its maximum', () => {
    fc.assert(
      fc.property(samples, fc.tuple(percentile, percentile), (values, pair) => {
        const histogram = histogramOf(values);
        const [lower, upper] = pair.sort((a, b) => a - b).map((at) => histogram.valueAtPercentile(at));
        expect(lower).toBeLessThanOrEqual(upper ?? NaN);
        expect(histogram.minNs).toBe(histogram.valueAtPercentile(0));
        expect(histogram.maxNs).toBe(histogram.valueAtPercentile(100));
      }),
    );
  });

  it('is the same whether the whole was recorded by one or by many and added up', () => {
    const shards = fc.array(fc.array(ns, { maxLength: 100 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(shards, percentile, (parts, at) => {
        const whole = histogramOf(parts.flat());
        const added = new Histogram();
        const addedSparse = new Histogram();
        for (const part of parts) added.add(histogramOf(part));
        for (const part of parts) addedSparse.addSparse(histogramOf(part).toSparse());
        for (const sum of [added, addedSparse]) {
          expect(sum.toSparse()).toEqual(whole.toSparse());
          expect(sum.valueAtPercentile(at)).toBe(whole.valueAtPercentile(at));
        }
      }),
    );
  });

  it('gives away what was recorded since the last time, and begins anew', () => {
    fc.assert(
      fc.property(samples, samples, (first, second) => {
        const histogram = histogramOf(first);
        expect(histogram.takeSparse()).toEqual(histogramOf(first).toSparse());
        expect([histogram.count, histogram.minNs, histogram.maxNs, ...histogram.toSparse()]).toEqual([0, 0, 0]);
        for (const value of second) histogram.record(value);
        expect(histogram.takeSparse()).toEqual(histogramOf(second).toSparse());
      }),
    );
  });

  it('shows its buckets from the smallest, with their least and greatest values', () => {
    expect([...histogramOf([5_000, 7, 5_001, 7, 7]).buckets()]).toEqual([
      [7, 7, 3],
      [5_000, 5_003, 2],
    ]);
  });

  it('counts what is longer than an hour as an hour, and says how many these are, after merging too', () => {
    const histogram = histogramOf([HOUR_NS, 2 * HOUR_NS, Infinity]);
    expect([histogram.count, histogram.clamped]).toEqual([3, 2]);
    expect(Histogram.fromSparse(histogram.toSparse()).clamped).toBe(2);
    expect(histogram.maxNs / HOUR_NS).toBeCloseTo(1, 2);
  });

  it('answers 0 when nothing was recorded', () => {
    const empty = new Histogram();
    expect([empty.valueAtPercentile(99), empty.meanNs, empty.standardDeviationNs, empty.clamped]).toEqual([0, 0, 0, 0]);
    expect([...empty.buckets()]).toEqual([]);
  });

  it.each([[[1]], [[5, 1, 4, 1]], [[1, 1, 1, 1]], [[1, -1]], [[1, 0]], [[0.5, 1]], [[99_999_999, 1]], [[NaN, 1]]])(
    'does not take %j for a histogram',
    (sparse) => {
      expect(() => Histogram.fromSparse(sparse)).toThrow('this is not a histogram');
    },
  );
});
