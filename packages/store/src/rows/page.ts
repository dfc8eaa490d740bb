import { type Logger, MeshwiseError } from '@meshwise/core';
import type { ListQuery, Page } from '@meshwise/performance';
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { RecordTable } from '../schema/tables.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type RecordCodec, searchable } from './records.ts';

interface ListedRow {
  readonly id: string;
  readonly started_at: number | string;
  readonly record: string;
}

/** What a row must be like to come after `before` in a list with the newest first, and to be found by `search`. */
export function isListed({ before, search }: ListQuery): Expression<SqlBool> {
  const where = expressionBuilder<{ row: RecordTable }, 'row'>();
  const conditions: Expression<SqlBool>[] = [];
  if (before !== undefined) {
    const { startedAtMs, id } = readCursor(before);
    const atOnce = where.and([where('started_at', '=', startedAtMs), where('id', '<', id)]);
    conditions.push(where.or([where('started_at', '<', startedAtMs), atOnce]));
  }
  if (search !== undefined) {
    const pattern = `%${searchable(search).replaceAll(/[\\%_]/g, '\\$&')}%`;
    conditions.push(sql<SqlBool>`${where.ref('search_text')} like ${pattern} escape '\\'`);
  }
  return where.and(conditions);
}

/** Makes a page of its rows and of the one after it, if there is one. A damaged row is logged and does not hide the others. */
export function toPage<T>(
  codec: RecordCodec<T>,
  rows: readonly ListedRow[],
  { limit }: ListQuery,
  logger: Logger,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.flatMap((row) => {
    try {
      return [codec.fromRow(row)];
    } catch (reason) {
      logger.error('left a damaged result out of a list', { id: row.id, reason: MeshwiseError.from(reason).message });
      return [];
    }
  });
  const more = rows.length > limit && last !== undefined;
  return { items, next: more ? writeCursor({ startedAtMs: Number(last.started_at), id: last.id }) : undefined };
}
