import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Changes of the schema in the order of their names, the same for both databases. Never edit one that was released.
 * SQLite takes any name for a type; `bigint`, `text` and `bytea` keep in it what they are given.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-results': { up: createResults },
};

async function createResults(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('meshwise_experiments')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('search_text', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('meshwise_runs')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('search_text', 'text', (column) => column.notNull())
    .addColumn('experiment_id', 'text', (column) => column.references('meshwise_experiments.id').onDelete('cascade'))
    .addColumn('record', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('meshwise_intervals')
    .addColumn('run_id', 'text', (column) =>
      column.primaryKey().notNull().references('meshwise_runs.id').onDelete('cascade'),
    )
    .addColumn('format', 'integer', (column) => column.notNull())
    .addColumn('data', 'bytea', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('meshwise_experiments_newest')
    .on('meshwise_experiments')
    .columns(['started_at', 'id'])
    .execute();
  await db.schema
    .createIndex('meshwise_runs_newest')
    .on('meshwise_runs')
    .columns(['experiment_id', 'started_at', 'id'])
    .execute();
}
