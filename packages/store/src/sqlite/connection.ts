import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Clock } from '@meshwise/core';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { isBusy } from './reasons.ts';

/** How long another process may hold the file before that is an error. */
export const PATIENCE_MS = 10_000;
const PAUSE_MS = 10;

/**
 * One `DatabaseSync` as Kysely wants a connection. When another process holds the file it waits without blocking: SQLite's own
 * wait would stop the whole process, and with it a transaction of this process that is waited for.
 */
export class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const startMs = this.#clock.monotonicMs();
    for (;;) {
      try {
        return this.#execute<Row>(sql, parameters as readonly SQLInputValue[]);
      } catch (error) {
        // A statement that was refused for this has changed nothing, so it can be tried again as it is.
        if (!isBusy(error) || this.#clock.monotonicMs() - startMs >= PATIENCE_MS) throw error;
      }
      await this.#clock.sleep(PAUSE_MS);
    }
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('Streaming is not used');
  }

  close(): void {
    this.#database.close();
  }

  #execute<Row>(sql: string, parameters: readonly SQLInputValue[]): QueryResult<Row> {
    const statement = this.#database.prepare(sql);
    if (statement.columns().length > 0) return { rows: statement.all(...parameters) as Row[] };
    const { changes } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }
}
