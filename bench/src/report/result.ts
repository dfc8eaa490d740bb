/** What a bench hands back. */
export interface BenchResult {
  readonly tables: readonly Table[];
  /** What a reader has to know to read the tables rightly: pinning, skipped peers, disturbance. */
  readonly notes: readonly string[];
  /** Everything that was measured, for the file. */
  readonly details: unknown;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface BenchOptions {
  /** Sizes that only show that the bench works; their figures mean nothing. */
  readonly small: boolean;
  readonly log: (text: string) => void;
  /** Writes what there is so far, for a bench that takes long. */
  readonly keep: (result: BenchResult) => Promise<unknown>;
}

export interface Bench {
  readonly name: string;
  readonly description: string;
  run(options: BenchOptions): Promise<BenchResult>;
}
