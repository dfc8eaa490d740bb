import { MeshwiseError } from '@meshwise/core';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { MIGRATIONS } from './migrations.ts';
import type { Tables } from './tables.ts';

const APPLIED = 'meshwise_migrations';

/**
 * Brings a database to our version. Processes that come at once wait for each other: PostgreSQL's advisory lock, SQLite's lock
 * of writers. Throws MW8103 for a database that has a migration which we do not.
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableName: APPLIED,
    migrationLockTableName: 'meshwise_migrations_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const unknown = await unknownMigration(db).catch(() => undefined);
  if (unknown === undefined) throw error;
  throw new MeshwiseError('MW8103', 'The results were kept by a later version of Meshwise', {
    found: `migration ${unknown}`,
    expected: `none after ${Object.keys(MIGRATIONS).sort().at(-1)}`,
  });
}

async function unknownMigration(db: Kysely<Tables>): Promise<string | undefined> {
  const applied = await db
    .withTables<{ [APPLIED]: { name: string } }>()
    .selectFrom(APPLIED)
    .select('name')
    .orderBy('name', 'desc')
    .execute();
  return applied.find(({ name }) => MIGRATIONS[name] === undefined)?.name;
}
