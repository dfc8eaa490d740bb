import { Histogram, type SparseHistogram } from '@meshwise/load';

/** All values of all histograms in one. */
export function poolSparse(histograms: Iterable<SparseHistogram>): SparseHistogram {
  const pooled = new Histogram();
  for (const sparse of histograms) pooled.addSparse(sparse);
  return pooled.toSparse();
}
