/**
 * The buckets of a histogram that hold something, as `[index, count, index, count, …]` with growing indices. An index is one of
 * the layout of `Histogram`; the form of everything that is sent, stored or drawn.
 */
export type SparseHistogram = readonly number[];
