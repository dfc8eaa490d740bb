import { type Logger, MeshwiseError } from '@meshwise/core';
import type { Interval } from '@meshwise/load';
import type { ExperimentRecord, ListQuery, Page, ResultRepository, RunRecord } from '@meshwise/performance';
import type { Kysely, Transaction } from 'kysely';
import { type Backend, storeFailure } from './backend.ts';
import { decodeIntervals, encodeIntervals, INTERVAL_FORMAT } from './rows/intervals.ts';
import { isListed, toPage } from './rows/page.ts';
import { EXPERIMENTS, RUNS } from './rows/records.ts';
import type { Tables } from './schema/tables.ts';

/** The store over either database. Each call is one statement or one transaction. */
export class SqlResultRepository implements ResultRepository {
  readonly #db: Kysely<Tables>;
  readonly #backend: Backend;
  readonly #logger: Logger;
  #closed = false;

  constructor(db: Kysely<Tables>, backend: Backend, logger: Logger) {
    this.#db = db;
    this.#backend = backend;
    this.#logger = logger;
  }

  async putRun(record: RunRecord): Promise<void> {
    const row = runRow(record);
    await this.#write((db) => this.#upsertRun(db, row));
  }

  async finishRun(record: RunRecord, intervals: readonly Interval[]): Promise<void> {
    // Before the transaction, so that nobody waits for it.
    const data = await encodeIntervals(intervals);
    const row = runRow(record);
    await this.#write(async (db) => {
      await this.#upsertRun(db, row);
      const values = { format: INTERVAL_FORMAT, data };
      await db
        .insertInto('meshwise_intervals')
        .values({ run_id: record.id, ...values })
        .onConflict((conflict) => conflict.column('run_id').doUpdateSet(values))
        .execute();
    });
  }

  async getRun(id: string): Promise<RunRecord | undefined> {
    const row = await this.#read((db) =>
      db.selectFrom('meshwise_runs').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row && RUNS.fromRow(row);
  }

  async intervals(id: string): Promise<readonly Interval[]> {
    const row = await this.#read((db) =>
      db
        .selectFrom('meshwise_runs')
        .leftJoin('meshwise_intervals', 'run_id', 'id')
        .select(['id', 'format', 'data'])
        .where('id', '=', id)
        .executeTakeFirst(),
    );
    if (row === undefined) throw new MeshwiseError('MW8101', `There is no run ${id}`);
    return row.format === null || row.data === null ? [] : decodeIntervals(id, row.format, row.data);
  }

  async listRuns(query: ListQuery & { readonly experimentId?: string }): Promise<Page<RunRecord>> {
    const { experimentId } = query;
    const rows = await this.#read((db) =>
      db
        .selectFrom('meshwise_runs')
        .select(['id', 'started_at', 'record'])
        .where('experiment_id', experimentId === undefined ? 'is' : '=', experimentId ?? null)
        .where(isListed(query))
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(query.limit + 1)
        .execute(),
    );
    return toPage(RUNS, rows, query, this.#logger);
  }

  async deleteRun(id: string): Promise<boolean> {
    const result = await this.#write((db) => db.deleteFrom('meshwise_runs').where('id', '=', id).executeTakeFirst());
    return result.numDeletedRows > 0n;
  }

  async putExperiment(record: ExperimentRecord): Promise<void> {
    const { id, ...values } = EXPERIMENTS.toRow(record);
    await this.#write((db) =>
      db
        .insertInto('meshwise_experiments')
        .values({ id, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute(),
    );
  }

  async getExperiment(id: string): Promise<ExperimentRecord | undefined> {
    const row = await this.#read((db) =>
      db.selectFrom('meshwise_experiments').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row && EXPERIMENTS.fromRow(row);
  }

  async listExperiments(query: ListQuery): Promise<Page<ExperimentRecord>> {
    const rows = await this.#read((db) =>
      db
        .selectFrom('meshwise_experiments')
        .select(['id', 'started_at', 'record'])
        .where(isListed(query))
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(query.limit + 1)
        .execute(),
    );
    return toPage(EXPERIMENTS, rows, query, this.#logger);
  }

  async deleteExperiment(id: string): Promise<boolean> {
    const result = await this.#write((db) =>
      db.deleteFrom('meshwise_experiments').where('id', '=', id).executeTakeFirst(),
    );
    return result.numDeletedRows > 0n;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#db.destroy();
  }

  async #upsertRun(db: Transaction<Tables>, { id, ...values }: RunRow): Promise<void> {
    try {
      await db
        .insertInto('meshwise_runs')
        .values({ id, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    } catch (error) {
      if (!this.#backend.breaksReference(error)) throw error;
      // It would be in no list, since only its experiment shows it.
      throw new MeshwiseError('MW8101', `There is no experiment ${values.experiment_id} that run ${id} is a block of`);
    }
  }

  #write<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#read((db) => db.transaction().execute(work));
  }

  async #read<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    if (this.#closed) throw new MeshwiseError('MW8102', 'The store of results is closed');
    try {
      return await work(this.#db);
    } catch (error) {
      throw storeFailure(this.#backend, error);
    }
  }
}

type RunRow = ReturnType<typeof runRow>;

function runRow(record: RunRecord) {
  return { ...RUNS.toRow(record), experiment_id: record.experiment?.id ?? null };
}
