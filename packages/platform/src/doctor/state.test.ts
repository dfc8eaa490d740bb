import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@meshwise/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { daemonCheck } from './daemon.ts';
import { diskSpaceCheck } from './disk-space.ts';
import { leftoversCheck } from './leftovers.ts';
import { memoryCheck } from './memory.ts';
import { stateDirectoryCheck } from './state-directory.ts';
import { freeBytes } from './system-readers.ts';
import { findingOf } from './testing.ts';
import { timeCheck } from './time.ts';

const MEGABYTE = 1 << 20;

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'meshwise-doctor-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe('the state directory', () => {
  test('is fine when it is private, and is left as it was', async () => {
    const path = await temporaryDirectory();
    expect(await findingOf(stateDirectoryCheck(path))).toEqual({ status: 'ok', found: `${path}, private` });
    expect(await readdir(path)).toEqual([]);
  });

  test('need not exist yet when it can be made', async () => {
    const path = join(await temporaryDirectory(), 'a', 'b');
    expect(await findingOf(stateDirectoryCheck(path))).toEqual({ status: 'ok', found: `${path} will be made` });
  });

  test('open to others is a warning with the command that closes it', async () => {
    const path = await temporaryDirectory();
    await chmod(path, 0o755);
    const finding = await findingOf(stateDirectoryCheck(path));
    expect(finding).toMatchObject({ status: 'warning', found: expect.stringContaining('mode 755') });
    expect(finding.advice).toContain(`chmod 700 ${path}`);
  });

  test('that is a file, or below one, or on a file system that takes no files, is a failure', async () => {
    const file = join(await temporaryDirectory(), 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'below'), '/proc/sys']) {
      expect(await findingOf(stateDirectoryCheck(path))).toMatchObject({ status: 'failed', code: 'MW2006' });
    }
  });
});

describe('earlier runs', () => {
  test('that ended well leave nothing to say', async () => {
    expect(await findingOf(daemonCheck(async () => undefined))).toMatchObject({ status: 'ok', found: 'not running' });
    expect(await findingOf(leftoversCheck(async () => []))).toMatchObject({ status: 'ok', found: 'none' });
  });

  test('that go on are named, those that crashed are a warning', async () => {
    expect(await findingOf(daemonCheck(async () => ({ pid: 12, alive: true })))).toMatchObject({
      status: 'ok',
      found: 'running (pid 12)',
    });
    expect(await findingOf(daemonCheck(async () => ({ pid: 12, alive: false })))).toMatchObject({ status: 'warning' });
  });

  test('leave things behind that are counted and named', async () => {
    const left = Array.from({ length: 5 }, (_, index) => ({ kind: 'process' as const, description: `envoy ${index}` }));
    expect(await findingOf(leftoversCheck(async () => left))).toMatchObject({
      status: 'warning',
      found: 'process envoy 0, process envoy 1, process envoy 2 and 2 more',
    });
  });
});

describe('resources', () => {
  test.each([
    [1024, 'ok'],
    [1023, 'warning'],
    [300, 'warning'],
    [299, 'failed'],
    [0, 'failed'],
  ])('%d MB of disk are %s', async (megabytes, status) => {
    const check = diskSpaceCheck('space', 'Space', '/state', async () => megabytes * MEGABYTE);
    expect(await findingOf(check)).toMatchObject({ status, found: `${megabytes} MB free for /state` });
  });

  test('of a directory that is not there yet are those of its parent', async () => {
    const directory = await temporaryDirectory();
    expect(await freeBytes(join(directory, 'a', 'b'))).toBeGreaterThan(0);
  });

  test.each([
    [1500, 'ok'],
    [1499, 'warning'],
    [400, 'warning'],
    [399, 'failed'],
  ])('%d MB of memory are %s', async (megabytes, status) => {
    expect(await findingOf(memoryCheck(() => megabytes * MEGABYTE))).toMatchObject({ status });
  });
});

describe('the clock', () => {
  const now = Date.UTC(2030, 5, 1);
  const check = (nowMs: number, latestMs?: number) =>
    findingOf(timeCheck(new ManualClock(nowMs), async () => latestMs));

  test('is believed when nothing speaks against it', async () => {
    expect(await check(now)).toEqual({ status: 'ok', found: '2030-06-01T00:00:00.000Z' });
    expect(await check(now, now - 1)).toMatchObject({ status: 'ok' });
    expect(await check(now, now + 60_000)).toMatchObject({ status: 'ok' });
  });

  test('is wrong before Meshwise existed or before something that happened', async () => {
    expect(await check(0)).toMatchObject({ status: 'failed', advice: expect.stringContaining('set-ntp') });
    expect(await check(now, now + 60_001)).toMatchObject({ status: 'failed', code: 'MW4005' });
  });
});
