import type { Logger } from '@meshwise/core';
import { PostgresDialect } from 'kysely';
import pg from 'pg';
import type { PostgresAddress } from './address.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** More than any query of ours takes; it ends the wait for a server that has gone silent. */
const QUERY_TIMEOUT_MS = 60_000;
const CONNECTIONS = 4;

export function postgresDialect({ url, place }: PostgresAddress, logger: Logger): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    fallback_application_name: 'meshwise',
  });
  // A connection that ends while nobody uses it would end the process; the next query opens another.
  pool.on('error', (error) => logger.warn('lost an idle connection to the database', { place, reason: error.message }));
  return new PostgresDialect({ pool });
}
