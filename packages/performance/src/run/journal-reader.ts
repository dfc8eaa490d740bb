import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { idOfJournal, type JournalEntry, type JournalHead, journalPath } from './journal.ts';

/** The ids of all journals of a directory, the oldest first. A directory that is not there has none. */
export async function listJournals(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.flatMap((name) => idOfJournal(name) ?? []).sort();
}

/**
 * The first line. Undefined when the file has none that is whole; rejects when the file cannot be read, which says nothing about
 * what is in it.
 */
export async function readHead(directory: string, id: string): Promise<JournalHead | undefined> {
  for await (const value of values(directory, id)) {
    const head = value as Partial<JournalHead>;
    return head.owner === undefined ? undefined : { ...head, owner: head.owner };
  }
  return undefined;
}

/**
 * Everything after the head, up to the first line that is not whole: the last one is torn when its writer was killed in the
 * middle of it. One after the other, since all of a day of load together may not fit into memory.
 */
export async function* readEntries(directory: string, id: string): AsyncGenerator<JournalEntry> {
  let isHead = true;
  for await (const value of values(directory, id)) {
    if (!isHead) yield value as JournalEntry;
    isHead = false;
  }
}

async function* values(directory: string, id: string): AsyncGenerator<object> {
  for await (const line of lines(journalPath(directory, id))) {
    const value = parseObject(line);
    if (value === undefined) return;
    yield value;
  }
}

async function* lines(path: string): AsyncGenerator<string> {
  let torn = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const whole = `${torn}${chunk}`.split('\n');
    torn = whole.pop() ?? '';
    yield* whole;
  }
  if (torn !== '') yield torn;
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
