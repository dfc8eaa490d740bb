import { MeshwiseError } from '@meshwise/core';
import { BUCKETS } from './layout.ts';

/**
 * The buckets of a histogram that hold something, as `[index, count, index, count, …]` with growing indices. An index is one of
 * the layout of `Histogram`; the form of everything that is sent, stored or drawn.
 */
export type SparseHistogram = readonly number[];

/** All that either of them counts. */
export function mergeSparse(a: SparseHistogram, b: SparseHistogram): SparseHistogram {
  const merged: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [indexA = BUCKETS, indexB = BUCKETS] = [a[i], b[j]];
    const index = Math.min(indexA, indexB);
    let count = 0;
    if (indexA === index) {
      count += a[i + 1] ?? 0;
      i += 2;
    }
    if (indexB === index) {
      count += b[j + 1] ?? 0;
      j += 2;
    }
    merged.push(index, count);
  }
  return merged;
}

/** How many values it counts. */
export function countOf(sparse: SparseHistogram): number {
  let count = 0;
  for (let at = 1; at < sparse.length; at += 2) count += sparse[at] ?? 0;
  return count;
}

/** Index and count of each bucket; throws when it is not a sparse histogram. */
export function* pairsOf(sparse: SparseHistogram): IterableIterator<readonly [index: number, count: number]> {
  let last = -1;
  for (let at = 0; at < sparse.length; at += 2) {
    const [index, count] = [sparse[at], sparse[at + 1]];
    if (!isWhole(index) || !isWhole(count) || index <= last || index >= BUCKETS || count === 0) {
      const found = `${index}, ${count} at ${at}`;
      throw new MeshwiseError('MW0001', 'this is not a histogram', { found, expected: 'growing indices and counts' });
    }
    last = index;
    yield [index, count];
  }
}

function isWhole(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && (value ?? -1) >= 0;
}
