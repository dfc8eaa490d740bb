import fc from 'fast-check';
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { decodeHdr, encodeHdr } from './hdr.ts';
import { Histogram } from './histogram.ts';
import { HOUR_NS } from './layout.ts';

const entry = fc.tuple(fc.integer({ min: 0, max: 2 * HOUR_NS }), fc.integer({ min: 1, max: 2 ** 45 }));
const histograms = fc.array(entry, { maxLength: 60 }).map((entries) => {
  const histogram = new Histogram();
  for (const [ns, count] of entries) histogram.recordCount(ns, count);
  return histogram;
});

describe('HdrHistogram V2 text', () => {
  it('holds a histogram without any loss', () => {
    fc.assert(
      fc.property(histograms, (histogram) => {
        expect(decodeHdr(encodeHdr(histogram.toSparse()))).toEqual(histogram.toSparse());
      }),
    );
  });

  it('says the same to other tools', () => {
    fc.assert(
      fc.property(histograms, fc.constantFrom(0, 50, 99, 99.9, 100), (histogram, percentile) => {
        const other = decodeFromCompressedBase64(encodeHdr(histogram.toSparse()), 64);
        expect(other.totalCount).toBe(histogram.count);
        expect(other.getValueAtPercentile(percentile)).toBe(histogram.valueAtPercentile(percentile));
      }),
    );
  });

  it('is what other tools write, too', () => {
    const other = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
    for (const value of [1, 5_000, 5_000_000_000]) other.recordValue(value);
    const ours = new Histogram();
    for (const value of [1, 5_000, 5_000_000_000]) ours.record(value);
    expect(decodeHdr(encodeIntoCompressedBase64(other))).toEqual(ours.toSparse());
  });

  it('is refused in another precision, when it is damaged, and when it is something else', () => {
    const coarse = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 2 });
    coarse.recordValue(5);
    expect(() => decodeHdr(encodeIntoCompressedBase64(coarse))).toThrow('of another kind');
    const whole = encodeHdr([7, 1]);
    for (const text of ['', 'aGVsbG8gd29ybGQ=', whole.slice(0, whole.length / 2)]) {
      expect(() => decodeHdr(text)).toThrow('not a histogram in HdrHistogram V2 form');
    }
  });
});
