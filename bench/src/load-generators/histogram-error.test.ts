import fc from 'fast-check';
import { expect, test } from 'vitest';
import { histogramError } from './histogram-error.ts';

test('a percentile of the histogram is off by a thousandth at most, whatever the samples', () => {
  const ns = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 3_600_000_000_000 }));
  fc.assert(
    fc.property(fc.array(ns, { minLength: 1, maxLength: 300 }), (samplesNs) => {
      expect(histogramError(samplesNs).worstPercent).toBeLessThanOrEqual(0.1);
    }),
    { numRuns: 30 },
  );
});

test('what is no duration is seen', () => {
  expect(histogramError([Number.NaN, Number.NaN]).worstPercent).toBeNaN();
});
