import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalisedWeights } from './weights.ts';

test('whole weights stay as they are', () => {
  expect(
    normalisedWeights([
      { cluster: 'a', weight: 80 },
      { cluster: 'b', weight: 20 },
    ]),
  ).toEqual([
    { cluster: 'a', weight: 80 },
    { cluster: 'b', weight: 20 },
  ]);
});

test('a destination without weight gets nothing, unless it is the only one', () => {
  expect(
    normalisedWeights([
      { cluster: 'a', weight: 0 },
      { cluster: 'b', weight: 1 },
    ]),
  ).toEqual([{ cluster: 'b', weight: 1 }]);
  expect(normalisedWeights([{ cluster: 'a', weight: 0 }])).toEqual([{ cluster: 'a', weight: 1 }]);
  expect(
    normalisedWeights([
      { cluster: 'a', weight: 0 },
      { cluster: 'b', weight: 0 },
    ]),
  ).toEqual([]);
});

test('any weights become what Envoy accepts, in the same proportions', () => {
  const weight = fc.oneof(fc.nat(), fc.double({ min: 0.001, max: 1e12, noNaN: true }));
  fc.assert(
    fc.property(fc.array(weight, { minLength: 2, maxLength: 6 }), (weights) => {
      const given = weights.map((value, index) => ({ cluster: String(index), weight: value }));
      const total = weights.reduce((sum, value) => sum + value, 0);
      const printed = normalisedWeights(given);
      const printedTotal = printed.reduce((sum, { weight: value }) => sum + value, 0);
      expect(printedTotal).toBeLessThanOrEqual(0xffff_ffff);
      for (const { cluster, weight: value } of printed) {
        expect(Number.isInteger(value) && value >= 1).toBe(true);
        expect(value / printedTotal).toBeCloseTo((weights[Number(cluster)] ?? 0) / total, 4);
      }
      expect(printed).toHaveLength(weights.filter((value) => value > 0).length);
    }),
  );
});
