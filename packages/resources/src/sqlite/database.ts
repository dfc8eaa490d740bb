import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { MeshwiseError } from '@meshwise/core';

/** Schema changes in order; the number of those applied is the file's `user_version`. Never edit one that was released. */
const migrations: readonly string[] = [
  `CREATE TABLE resources (
     grp TEXT NOT NULL, kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
     uid TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (grp, kind, namespace, name)
   ) WITHOUT ROWID;
   CREATE INDEX resources_uid ON resources (uid);
   CREATE UNIQUE INDEX resources_version ON resources (version);
   CREATE TABLE owners (
     owner_uid TEXT NOT NULL, grp TEXT NOT NULL, kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
     PRIMARY KEY (owner_uid, grp, kind, namespace, name)
   ) WITHOUT ROWID;
   CREATE INDEX owners_dependant ON owners (grp, kind, namespace, name);
   CREATE TABLE events (
     version INTEGER PRIMARY KEY, grp TEXT NOT NULL, kind TEXT NOT NULL, namespace TEXT NOT NULL,
     type TEXT NOT NULL, body TEXT NOT NULL, labels_before TEXT
   );
   CREATE INDEX events_kind ON events (grp, kind, version);
   CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
   INSERT INTO counters (name, value) VALUES ('version', 0), ('compacted', 0);`,
  `CREATE TABLE revisions (number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, reason TEXT NOT NULL);
   CREATE TABLE revision_changes (
     revision INTEGER NOT NULL REFERENCES revisions (number) ON DELETE CASCADE, position INTEGER NOT NULL,
     grp TEXT NOT NULL, kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
     before_body TEXT, after_body TEXT,
     PRIMARY KEY (revision, position)
   ) WITHOUT ROWID;`,
];

export type Row = Readonly<Record<string, SQLInputValue>>;

/**
 * One SQLite file with each statement prepared once. The file is ours alone while it is open (exclusive locking): two
 * processes that both believe to be the store would hand out the same resource versions, so the second one is refused.
 * WAL with `synchronous=FULL` means that a commit that returned is on disk.
 */
export class Database {
  readonly #path: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#path = path;
    this.#connection = this.#guard(() => open(path));
    try {
      this.#guard(() => this.#prepareFile());
    } catch (error) {
      this.#connection.close();
      throw error;
    }
  }

  all(sql: string, ...parameters: SQLInputValue[]): readonly Row[] {
    return this.#guard(() => this.#statement(sql).all(...parameters) as unknown as Row[]);
  }

  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined {
    return this.#guard(() => this.#statement(sql).get(...parameters) as unknown as Row | undefined);
  }

  run(sql: string, ...parameters: SQLInputValue[]): void {
    this.#guard(() => this.#statement(sql).run(...parameters));
  }

  /** Runs `work` in one transaction. `commit: false` undoes it at the end, which is what a dry run is. */
  transaction<T>(work: () => T, options: { readonly commit: boolean }): T {
    this.run('BEGIN IMMEDIATE');
    let result: T;
    try {
      result = work();
    } catch (error) {
      this.run('ROLLBACK');
      throw error;
    }
    try {
      this.run(options.commit ? 'COMMIT' : 'ROLLBACK');
    } catch (error) {
      if (this.#connection.isTransaction) this.run('ROLLBACK');
      throw error;
    }
    return result;
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  #prepareFile(): void {
    this.#connection.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 200;');
    this.#connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    const row = this.#connection.prepare('PRAGMA user_version').get() as { user_version: number };
    if (row.user_version > migrations.length) {
      const found = `schema ${row.user_version}`;
      const details = { file: this.#path, found, expected: `at most ${migrations.length}` };
      throw new MeshwiseError('MW2006', 'The store was written by a newer version of Meshwise', details);
    }
    // Also without anything to migrate this takes the lock now and not at the first write.
    this.#connection.exec('BEGIN IMMEDIATE');
    for (const migration of migrations.slice(row.user_version)) this.#connection.exec(migration);
    this.#connection.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof MeshwiseError) throw error;
      throw new MeshwiseError('MW2006', reason(error), { file: this.#path }, { cause: error });
    }
  }
}

/** A file of ours is for its owner only, also before SQLite writes to it; SQLite gives its side files the same mode. */
function open(path: string): DatabaseSync {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  }
  return new DatabaseSync(path);
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/database is locked/.test(message)) return 'Another process has the store open';
  return `The store cannot be used: ${message}`;
}
