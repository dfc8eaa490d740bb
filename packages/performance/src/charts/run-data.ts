import type { SecondView, SparseHistogram } from '@meshwise/load';
import type { RunRecord } from '../record/run-record.ts';

/** What charts and reports need to know of a run; the API answers with the same. */
export interface RunData {
  readonly record: RunRecord;
  /** In nanoseconds, the warm-up left out. */
  readonly histograms: Readonly<Record<'service' | 'response' | 'lag' | 'errorResponse', SparseHistogram>>;
  readonly seconds: readonly SecondView[];
}

/** A set of values to draw beside others. */
export interface NamedHistogram {
  readonly label: string;
  readonly histogram: SparseHistogram;
}
