import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from './histogram.ts';
import { countOf, mergeSparse, type SparseHistogram } from './sparse.ts';

const sparse: fc.Arbitrary<SparseHistogram> = fc.array(fc.integer({ min: 1, max: 1_000_000 })).map((values) => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.toSparse();
});

describe('merging sparse histograms', () => {
  it('gives what one histogram of both would, and leaves both as they were', () => {
    fc.assert(
      fc.property(sparse, sparse, (a, b) => {
        const [before, both] = [structuredClone([a, b]), Histogram.fromSparse(a)];
        both.addSparse(b);
        expect(mergeSparse(a, b)).toEqual(both.toSparse());
        expect([a, b]).toEqual(before);
      }),
    );
  });

  it('does not depend on the order and loses no count', () => {
    fc.assert(
      fc.property(sparse, sparse, sparse, (a, b, c) => {
        const merged = mergeSparse(mergeSparse(a, b), c);
        expect(merged).toEqual(mergeSparse(a, mergeSparse(c, b)));
        expect(countOf(merged)).toBe(countOf(a) + countOf(b) + countOf(c));
      }),
    );
  });
});
