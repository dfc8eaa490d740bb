import type { Interval } from '@meshwise/load';
import type { ExperimentRecord } from './experiment-record.ts';
import type { RunRecord } from './run-record.ts';

export interface ListQuery {
  /** At most so many, newest first. */
  readonly limit: number;
  /** The `next` of an earlier page; MW8101 for any other text. Holds also when the item at the edge was deleted meanwhile. */
  readonly before?: string;
  /** Only those whose name or target holds this text. */
  readonly search?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** What to give as `before` for the next page; undefined at the end. */
  readonly next: string | undefined;
}

/**
 * Where results are kept. What a call has acknowledged is on disk. Errors: MW8101 for what is not there, MW8102 when the store
 * cannot be reached or written.
 */
export interface ResultRepository {
  /** Writes a run; one of the same id is replaced, its intervals stay. MW8101 for a block whose experiment was not written yet. */
  putRun(record: RunRecord): Promise<void>;
  /** Writes a run with its intervals, both or none. */
  finishRun(record: RunRecord, intervals: readonly Interval[]): Promise<void>;
  getRun(id: string): Promise<RunRecord | undefined>;
  /** Empty when the run has none; MW8101 when there is no such run. */
  intervals(id: string): Promise<readonly Interval[]>;
  /** Without the blocks of experiments, unless one is named. */
  listRuns(query: ListQuery & { readonly experimentId?: string }): Promise<Page<RunRecord>>;
  /** True when there was one. Blocks go with their experiment. */
  deleteRun(id: string): Promise<boolean>;
  putExperiment(record: ExperimentRecord): Promise<void>;
  getExperiment(id: string): Promise<ExperimentRecord | undefined>;
  listExperiments(query: ListQuery): Promise<Page<ExperimentRecord>>;
  deleteExperiment(id: string): Promise<boolean>;
  close(): Promise<void>;
}
