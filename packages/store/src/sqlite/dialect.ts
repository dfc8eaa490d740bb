import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@meshwise/core';
import {
  CompiledQuery,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { SqliteConnection } from './connection.ts';

/** Kysely's SQLite over Node's own; its driver is made for another library. */
export class NodeSqliteDialect implements Dialect {
  readonly #open: () => DatabaseSync;
  readonly #clock: Clock;

  constructor(open: () => DatabaseSync, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.#open, this.#clock);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): SqliteAdapter {
    return new NodeSqliteAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** Migrations run in a transaction, which SQLite can and which keeps another process out meanwhile. */
class NodeSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** One connection, which Kysely gives to one user after the other. */
class NodeSqliteDriver implements Driver {
  readonly #open: () => DatabaseSync;
  readonly #clock: Clock;
  #connection: SqliteConnection | undefined;

  constructor(open: () => DatabaseSync, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  async init(): Promise<void> {
    const connection = new SqliteConnection(this.#open(), this.#clock);
    try {
      // With a write-ahead log, FULL is what makes a commit that returned be on disk.
      for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) {
        await connection.executeQuery(CompiledQuery.raw(`pragma ${pragma}`));
      }
    } catch (error) {
      connection.close();
      throw error;
    }
    this.#connection = connection;
  }

  async acquireConnection(): Promise<SqliteConnection> {
    if (this.#connection === undefined) throw new Error('The database is not open');
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  /** Takes the lock of writers at once: a transaction that reads first may not get it any more when it writes. */
  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  /** Errors such as a full disk end the transaction themselves, and then there is nothing to roll back. */
  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    if (connection.isInTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    this.#connection?.close();
  }
}
