import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { idOfJournal, type JournalEntry, type JournalHead, journalPath } from './journal.ts';

export interface ReadJournal {
  readonly head: JournalHead;
  readonly entries: readonly JournalEntry[];
}

/** The ids of all journals of a directory, the oldest first. A directory that is not there has none. */
export async function listJournals(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.flatMap((name) => idOfJournal(name) ?? []).sort();
}

/**
 * Everything up to the first line that is not whole: the last one is torn when its writer was killed in the middle of it.
 * Undefined when not even the head can be read, or the file has gone.
 */
export async function readJournal(directory: string, id: string): Promise<ReadJournal | undefined> {
  const entries: JournalEntry[] = [];
  let head: JournalHead | undefined;
  const input = createReadStream(journalPath(directory, id), 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const value = parseObject(line);
      if (value === undefined) break;
      if (head === undefined) head = value as JournalHead;
      else entries.push(value as JournalEntry);
    }
  } catch {
    return undefined;
  } finally {
    input.destroy();
  }
  return head?.owner === undefined ? undefined : { head, entries };
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
