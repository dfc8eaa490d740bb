import { MeshwiseError } from '@meshwise/core';
import type { Journal } from './journal.ts';
import type { Result } from './result.ts';
import { noteOf, type RunContext, sentence } from './run-context.ts';

/**
 * Puts an ended record into the store and lets go of its journal. When the store does not take it, the record says so, and the journal
 * stays for whoever tries again.
 */
export async function keep<Record extends { readonly id: string; readonly note: string | null }>(
  { logger }: RunContext,
  journal: Journal,
  record: Record,
  store: (record: Record) => Promise<void>,
): Promise<Result<Record>> {
  const put = async () => {
    await store(record);
    await journal.remove();
  };
  try {
    await put();
    return { record, unstored: [] };
  } catch (cause) {
    const error = MeshwiseError.from(cause);
    logger.error('a result could not be stored', { id: record.id, error });
    await journal.close();
    const note = noteOf([record.note, sentence(`It is not in the store yet: ${error.summary}`)]);
    return {
      record: { ...record, note },
      unstored: [{ id: record.id, error, retry: put, discard: () => journal.remove() }],
    };
  }
}
