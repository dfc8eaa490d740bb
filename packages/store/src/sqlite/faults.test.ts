import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, silentLogger, systemClock } from '@meshwise/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openResultStore } from '../open.ts';
import { sampleRun } from '../testing/samples.ts';

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'meshwise-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

const open = (directory: string, clock: Clock = systemClock) =>
  openResultStore({ directory, logger: silentLogger, clock });
const refusal = (reason: string) => ({ code: 'MW8102', message: expect.stringContaining(reason) });

describe('the file of results', () => {
  it('and what is beside it are readable by their owner only, in a directory that need not be there', async () => {
    const directory = join(temporaryDirectory(), 'a', 'b');
    const store = await open(directory);
    onTestFinished(() => store.close());
    await store.putRun(sampleRun(1));
    const files = readdirSync(directory);
    expect(files).toEqual(['results.sqlite', 'results.sqlite-shm', 'results.sqlite-wal']);
    for (const file of files) expect(statSync(join(directory, file)).mode & 0o777, file).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('loses rights that somebody else was given', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'results.sqlite'), '', { mode: 0o644 });
    await (await open(directory)).close();
    expect(statSync(join(directory, 'results.sqlite')).mode & 0o777).toBe(0o600);
  });

  it('is refused when it is none, or a directory, or below a file', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'results.sqlite');
    writeFileSync(path, 'no database '.repeat(100));
    await expect(open(directory)).rejects.toMatchObject(refusal(`${path}: the file is not a database`));
    await expect(open(path)).rejects.toMatchObject(refusal('not a directory'));
    rmSync(path);
    mkdirSync(path);
    await expect(open(directory)).rejects.toMatchObject(refusal('it is a directory'));
  });

  it('whose pages are overwritten is said to be damaged', async () => {
    const directory = temporaryDirectory();
    const store = await open(directory);
    for (let number = 0; number < 50; number++) await store.putRun(sampleRun(number));
    await store.close();
    const path = join(directory, 'results.sqlite');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xa5, bytes.length / 2));
    const damaged = await open(directory);
    onTestFinished(() => damaged.close());
    await expect(damaged.listRuns({ limit: 100 })).rejects.toMatchObject(refusal(`${path}: the file is damaged`));
  });

  it('is waited for while another process holds it, and not for ever', async () => {
    const directory = temporaryDirectory();
    let nowMs = 0;
    let onPause = () => {};
    const sleep = async () => {
      nowMs += 1_000;
      onPause();
    };
    const store = await open(directory, { ...systemClock, monotonicMs: () => nowMs, sleep });
    onTestFinished(() => store.close());
    const other = new DatabaseSync(join(directory, 'results.sqlite'));
    onTestFinished(() => other.close());

    other.exec('begin immediate');
    onPause = () => {
      if (nowMs >= 3_000 && other.isTransaction) other.exec('rollback');
    };
    await store.putRun(sampleRun(1));
    expect(nowMs).toBe(3_000);

    onPause = () => {};
    other.exec('begin immediate');
    await expect(store.putRun(sampleRun(2))).rejects.toMatchObject(refusal('another process has been holding it'));
    expect((await store.listRuns({ limit: 9 })).items).toEqual([sampleRun(1)]);
    other.exec('rollback');
    await store.putRun(sampleRun(2));
  });
});
