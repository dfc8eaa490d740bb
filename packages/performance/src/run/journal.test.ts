import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, type JournalEntry, type JournalHead, journalPath } from './journal.ts';
import { listJournals, readEntries, readHead } from './journal-reader.ts';
import { isAlive, thisProcess } from './owner.ts';
import { intervalOf } from './testing/intervals.ts';

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'journal-')), 'journals');
});
afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }));

const HEAD: JournalHead = { owner: thisProcess('test'), sharesCoresWithTarget: null };

async function readJournal() {
  const head = await readHead(directory, 'a');
  const entries: JournalEntry[] = [];
  for await (const entry of readEntries(directory, 'a')) entries.push(entry);
  return head && { head, entries };
}

async function written(): Promise<string> {
  const journal = await Journal.create(directory, 'a', HEAD);
  for (const second of [0, 1, 2]) journal.append({ atMs: second * 1_000, intervals: [intervalOf({ second })] });
  await journal.close();
  expect(journal.failure).toBeUndefined();
  return journalPath(directory, 'a');
}

describe('the journal', () => {
  it('is what was written to it, for its owner alone', async () => {
    const path = await written();
    expect([(await stat(directory)).mode & 0o777, (await stat(path)).mode & 0o777]).toEqual([0o700, 0o600]);
    const read = await readJournal();
    expect(read?.head).toEqual(HEAD);
    expect(read?.entries).toEqual(
      [0, 1, 2].map((second) => ({ atMs: second * 1_000, intervals: [intervalOf({ second })] })),
    );
  });

  it('is read up to where it is torn, wherever that is', async () => {
    const path = await written();
    const whole = await readFile(path, 'utf8');
    const ends = [...whole.matchAll(/\n/g)].map(({ index }) => index);
    for (let length = whole.length - 1; length >= 0; length -= 97) {
      await truncate(path, length);
      const lines = ends.filter((end) => end <= length).length;
      const read = await readJournal();
      if (lines === 0) expect(read).toBeUndefined();
      else expect(read?.entries.length).toBe(lines - 1);
    }
  });

  it('tells why it could not be written, and stands in nobody’s way', async () => {
    await writeFile(directory, 'in the way');
    const journal = await Journal.create(directory, 'a', HEAD);
    journal.append({ atMs: 0, readings: [] });
    await journal.close();
    expect(journal.failure).toMatch(/EEXIST|ENOTDIR/);
  });

  it('is gone when it is removed, and others are listed by age', async () => {
    const journal = await Journal.create(directory, '20261121-142233-k3f9', HEAD);
    await (await Journal.create(directory, '20261121-142234-0000', HEAD)).close();
    await (await Journal.create(directory, '20261121-142232-zzzz', HEAD)).close();
    await journal.remove();
    await writeFile(join(directory, 'notes.txt'), '');
    expect(await listJournals(directory)).toEqual(['20261121-142232-zzzz', '20261121-142234-0000']);
    expect(await readdir(directory)).toHaveLength(3);
    expect(await listJournals(join(directory, 'none'))).toEqual([]);
  });
});

describe('the owner of a journal', () => {
  it('is this process as long as it runs, and not another one of the same pid', () => {
    const owner = thisProcess('test');
    expect(isAlive(owner)).toBe(true);
    expect(isAlive({ ...owner, startTicks: owner.startTicks - 1 })).toBe(false);
    expect(isAlive({ ...owner, pid: 2 ** 22 + 1 })).toBe(false);
  });
});
