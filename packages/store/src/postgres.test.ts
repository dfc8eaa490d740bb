import { afterAll, beforeAll, describe } from 'vitest';
import { resultStoreContract } from './testing/contract.ts';
import { findPostgres, startPostgres, type TestPostgres } from './testing/postgres.ts';
import { processesContract } from './testing/processes-contract.ts';
import { postgresSetting } from './testing/settings.ts';

describe.skipIf(findPostgres() === undefined)('with the Debian package `postgresql`', () => {
  let postgres: TestPostgres;
  let url: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    url = await postgres.createDatabase();
  });
  afterAll(() => postgres?.stop());

  resultStoreContract('PostgreSQL', () => postgresSetting(postgres, url));
  processesContract('PostgreSQL', () => postgresSetting(postgres, url));
});
