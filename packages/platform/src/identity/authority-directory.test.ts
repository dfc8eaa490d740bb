import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ManualClock } from '@meshwise/core';
import { describe, expect, test } from 'vitest';
import { NOW_MS, openAuthority, opensslVerify, reviews, temporaryDirectory } from './testing.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('the directory of an authority', () => {
  test('is private, and so is every file in it', async () => {
    const { directory } = await openAuthority();
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const files = await readdir(directory);
    expect(files.sort()).toEqual(['intermediate.pem', 'root.pem']);
    for (const file of files) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
  });

  test('is taken over after a restart, byte for byte', async () => {
    const first = await openAuthority();
    const contents = () =>
      Promise.all(['root.pem', 'intermediate.pem'].map((file) => readFile(join(first.directory, file), 'utf8')));
    const before = await contents();
    const second = await openAuthority({ directory: first.directory });
    expect(await contents()).toEqual(before);
    const { certificateChainPem } = await second.authority.issue(reviews);
    expect(await opensslVerify(certificateChainPem, first.authority.roots().caPem, NOW_MS, 'sslclient')).toBe('OK');
  });

  test('gets one root when several processes start at once', async () => {
    const directory = join(await temporaryDirectory(), 'ca');
    const opened = await Promise.all(Array.from({ length: 8 }, () => openAuthority({ directory })));
    const roots = new Set(opened.map(({ authority }) => authority.roots().caPem));
    expect(roots.size).toBe(1);
    expect((await readdir(directory)).sort()).toEqual(['intermediate.pem', 'root.pem']);
  });

  test.each(['root.pem', 'intermediate.pem'])('is refused and left as it is when %s is damaged', async (file) => {
    const { directory } = await openAuthority();
    const path = join(directory, file);
    const good = await readFile(path, 'utf8');
    const inSignature = good.indexOf('-----END CERTIFICATE') - 20;
    const flipped = good.slice(0, inSignature) + (good[inSignature] === 'A' ? 'B' : 'A') + good.slice(inSignature + 1);
    for (const damaged of ['', good.slice(0, good.length / 2), 'no PEM at all', flipped]) {
      await writeFile(path, damaged);
      await expect(openAuthority({ directory })).rejects.toMatchObject({ code: 'MW4002', details: { file: path } });
      expect(await readFile(path, 'utf8')).toBe(damaged);
    }
  });

  test('is refused when a key does not belong to its certificate', async () => {
    const [one, other] = [await openAuthority(), await openAuthority()];
    const path = join(one.directory, 'root.pem');
    const mine = await readFile(path, 'utf8');
    const foreign = await readFile(join(other.directory, 'root.pem'), 'utf8');
    const keyAt = (pem: string) => pem.indexOf('-----BEGIN PRIVATE KEY');
    await writeFile(path, mine.slice(0, keyAt(mine)) + foreign.slice(keyAt(foreign)));
    await expect(openAuthority({ directory: one.directory })).rejects.toThrowError(/^MW4002.*does not belong/);
  });

  test('is refused when the intermediate is of another root, and says what to delete', async () => {
    const [one, other] = [await openAuthority(), await openAuthority()];
    const path = join(one.directory, 'intermediate.pem');
    await writeFile(path, await readFile(join(other.directory, 'intermediate.pem'), 'utf8'));
    await expect(openAuthority({ directory: one.directory })).rejects.toMatchObject({
      code: 'MW4002',
      advice: expect.stringContaining('delete intermediate.pem'),
    });
    await rm(path);
    const repaired = await openAuthority({ directory: one.directory });
    expect(repaired.authority.roots()).toEqual(one.authority.roots());
  });

  test('is refused when the root is gone and its intermediate is not', async () => {
    const { directory } = await openAuthority();
    await rm(join(directory, 'root.pem'));
    await expect(openAuthority({ directory })).rejects.toThrowError(/^MW4002.*root is missing/);
    expect(await readdir(directory)).toEqual(['intermediate.pem']);
  });

  test('is refused when others may read a key', async () => {
    const { directory } = await openAuthority();
    await chmod(join(directory, 'root.pem'), 0o640);
    await expect(openAuthority({ directory })).rejects.toThrowError(/^MW4003.*found mode 640, expected mode 600/);
  });

  test('is refused for another trust domain', async () => {
    const { directory } = await openAuthority();
    await expect(openAuthority({ directory, trustDomain: 'other.example' })).rejects.toThrowError(
      /^MW4004.*found spiffe:\/\/cluster\.local, expected spiffe:\/\/other\.example/,
    );
  });

  test('is refused while the clock stands before its root, and not for a clock corrected by hours', async () => {
    const { directory } = await openAuthority();
    await expect(openAuthority({ directory, clock: new ManualClock(NOW_MS - 2 * DAY_MS) })).rejects.toThrowError(
      /^MW4005/,
    );
    await openAuthority({ directory, clock: new ManualClock(NOW_MS - 5 * HOUR_MS) });
  });

  test('that cannot be written is an error that names the file', async () => {
    const directory = join(await temporaryDirectory(), 'file');
    await writeFile(directory, '');
    await expect(openAuthority({ directory })).rejects.toMatchObject({
      code: 'MW4006',
      details: { file: join(directory, 'root.pem') },
    });
  });
});
