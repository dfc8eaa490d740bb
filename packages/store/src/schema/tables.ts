import type { ColumnType } from 'kysely';

/** Records as JSON, and beside them what lists and searches need. Names are ours alone: the database may be somebody's. */
export interface Tables {
  readonly meshwise_experiments: RecordTable;
  readonly meshwise_runs: RecordTable & { readonly experiment_id: string | null };
  readonly meshwise_intervals: {
    readonly run_id: string;
    /** Of `data`; see rows/intervals.ts. */
    readonly format: number;
    readonly data: Uint8Array;
  };
}

export interface RecordTable {
  readonly id: string;
  /** Milliseconds since the epoch. PostgreSQL's driver gives 64 bits as text. */
  readonly started_at: ColumnType<number | string, number, number>;
  /** Name and target in small letters, which the two databases would make differently. */
  readonly search_text: string;
  readonly record: string;
}
