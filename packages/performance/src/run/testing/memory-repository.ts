import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { MeshwiseError } from '@meshwise/core';
import type { Interval } from '@meshwise/load';
import type { ExperimentRecord } from '../../record/experiment-record.ts';
import type { ResultRepository } from '../../record/repository.ts';
import type { RunRecord } from '../../record/run-record.ts';

type Content = readonly [
  readonly (readonly [string, RunRecord])[],
  readonly (readonly [string, ExperimentRecord])[],
  readonly (readonly [string, readonly Interval[]])[],
];

/** A store in memory that can be made to refuse, and that another process finds where this one has put it. */
export class MemoryRepository implements ResultRepository {
  readonly runs: Map<string, RunRecord>;
  readonly experiments: Map<string, ExperimentRecord>;
  readonly #intervals: Map<string, readonly Interval[]>;
  readonly #path: string | undefined;
  isReadOnly = false;

  private constructor([runs, experiments, intervals]: Content, path: string | undefined) {
    this.runs = new Map(runs);
    this.experiments = new Map(experiments);
    this.#intervals = new Map(intervals);
    this.#path = path;
  }

  /** Empty. With a path, everything is put there as it is written. */
  static create(path?: string): MemoryRepository {
    return new MemoryRepository([[], [], []], path);
  }

  static open(path: string): MemoryRepository {
    return new MemoryRepository(JSON.parse(readFileSync(path, 'utf8')) as Content, path);
  }

  async putRun(record: RunRecord): Promise<void> {
    this.#write(() => this.runs.set(record.id, structuredClone(record)));
  }

  async finishRun(record: RunRecord, intervals: readonly Interval[]): Promise<void> {
    this.#write(() => {
      this.runs.set(record.id, structuredClone(record));
      this.#intervals.set(record.id, structuredClone(intervals));
    });
  }

  async getRun(id: string): Promise<RunRecord | undefined> {
    return this.runs.get(id);
  }

  async intervals(id: string): Promise<readonly Interval[]> {
    return this.#intervals.get(id) ?? [];
  }

  async putExperiment(record: ExperimentRecord): Promise<void> {
    this.#write(() => this.experiments.set(record.id, structuredClone(record)));
  }

  async getExperiment(id: string): Promise<ExperimentRecord | undefined> {
    return this.experiments.get(id);
  }

  async listRuns() {
    return { items: [...this.runs.values()], next: undefined };
  }

  async listExperiments() {
    return { items: [...this.experiments.values()], next: undefined };
  }

  async deleteRun(id: string): Promise<boolean> {
    return this.runs.delete(id);
  }

  async deleteExperiment(id: string): Promise<boolean> {
    return this.experiments.delete(id);
  }

  async close(): Promise<void> {}

  /** Rounds of an experiment of which all blocks have come to their end. */
  wholeRounds({ blocks, variants }: ExperimentRecord): number {
    const finished = blocks.filter(({ runId }) => this.runs.get(runId)?.state === 'finished');
    const rounds = Map.groupBy(finished, ({ round }) => round);
    return [...rounds.values()].filter((round) => round.length === variants.length).length;
  }

  #write(change: () => void): void {
    if (this.isReadOnly) throw new MeshwiseError('MW8102', 'the store is full');
    change();
    if (this.#path === undefined) return;
    const content: Content = [[...this.runs], [...this.experiments], [...this.#intervals]];
    writeFileSync(`${this.#path}.new`, JSON.stringify(content));
    renameSync(`${this.#path}.new`, this.#path);
  }
}
