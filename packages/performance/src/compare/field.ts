import type { RunRecord } from '../record/run-record.ts';
import type { ComparisonDifference } from './comparison.ts';

/** What a difference makes of a comparison: another thing was measured, by another load, on another machine. */
export type DifferenceKind = 'target' | 'load' | 'machine' | 'mesh' | 'version';

export interface FoundDifference extends ComparisonDifference {
  readonly kind: DifferenceKind;
}

/** A property of a run in words. Runs are alike in it when the words are the same. */
export interface Field {
  readonly kind: DifferenceKind;
  readonly what: string;
  readonly of: (record: RunRecord) => string;
}
