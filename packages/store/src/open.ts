import { join } from 'node:path';
import type { Clock, Logger } from '@meshwise/core';
import type { ResultRepository } from '@meshwise/performance';
import { Kysely } from 'kysely';
import { type Backend, storeFailure } from './backend.ts';
import { readAddress } from './postgres/address.ts';
import { postgresDialect } from './postgres/dialect.ts';
import * as postgres from './postgres/reasons.ts';
import { SqlResultRepository } from './repository.ts';
import { migrate } from './schema/migrate.ts';
import type { Tables } from './schema/tables.ts';
import { NodeSqliteDialect } from './sqlite/dialect.ts';
import { openFile } from './sqlite/open-file.ts';
import * as sqlite from './sqlite/reasons.ts';

export interface ResultStoreOptions {
  /** `postgres://…`; without one, results are in a file of `directory`. See `readAddress` for what it may say. */
  readonly url?: string | undefined;
  /** Where `results.sqlite` is or is made; not touched when there is a URL. */
  readonly directory: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Opens the store of results and brings it to our version. Any number of processes may have it open. Throws MW8102 when it
 * cannot be used and MW8103 when a later version has written it.
 */
export async function openResultStore(options: ResultStoreOptions): Promise<ResultRepository> {
  const backend = options.url === undefined ? sqliteBackend(options) : postgresBackend(options.url, options.logger);
  const db = new Kysely<Tables>({ dialect: backend.dialect });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw storeFailure(backend, error);
  }
  return new SqlResultRepository(db, backend, options.logger);
}

function sqliteBackend({ directory, clock }: ResultStoreOptions): Backend {
  const path = join(directory, 'results.sqlite');
  const { sqliteReason: reasonOf, breaksReference } = sqlite;
  return { dialect: new NodeSqliteDialect(() => openFile(path), clock), name: path, reasonOf, breaksReference };
}

function postgresBackend(url: string, logger: Logger): Backend {
  const address = readAddress(url);
  const { postgresReason: reasonOf, breaksReference } = postgres;
  return { dialect: postgresDialect(address, logger), name: `Database ${address.place}`, reasonOf, breaksReference };
}
