import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Logger, silentLogger, systemClock } from '@meshwise/core';
import type { ResultRepository } from '@meshwise/performance';
import { openResultStore, type ResultStoreOptions } from '../open.ts';
import type { TestPostgres } from './postgres.ts';

/** An empty database of its own, and ways into it that do not go through the store. */
export interface Setting {
  readonly place: Pick<ResultStoreOptions, 'url' | 'directory'>;
  open(logger?: Logger): Promise<ResultRepository>;
  execute(sql: string): Promise<void>;
  remove(): void;
}

export async function sqliteSetting(): Promise<Setting> {
  const directory = mkdtempSync(join(tmpdir(), 'meshwise-store-'));
  return {
    place: { directory },
    open: (logger = silentLogger) => openResultStore({ directory, logger, clock: systemClock }),
    async execute(sql) {
      const database = new DatabaseSync(join(directory, 'results.sqlite'));
      database.exec(sql);
      database.close();
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** Empties a database that is used for one test after the other, since making one takes long. */
export async function postgresSetting(postgres: TestPostgres, url: string): Promise<Setting> {
  await postgres.execute(url, 'drop schema public cascade; create schema public');
  const place = { url, directory: '/nowhere' };
  return {
    place,
    open: (logger = silentLogger) => openResultStore({ ...place, logger, clock: systemClock }),
    execute: (sql) => postgres.execute(url, sql),
    remove() {},
  };
}
