import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import type { EnvoyRelease } from './envoy-release.ts';

/** `$XDG_CACHE_HOME/meshwise`, else `~/.cache/meshwise` (XDG Base Directory Specification: relative paths are ignored). */
export function defaultCacheDirectory(env: NodeJS.ProcessEnv): string {
  const configured = env['XDG_CACHE_HOME'];
  const home = env['HOME'];
  const base = configured?.startsWith('/')
    ? configured
    : join(home === undefined || home === '' ? homedir() : home, '.cache');
  return join(base, 'meshwise');
}

/** Where the program of a release is kept. */
export function cachedEnvoyPath(cacheDir: string, release: EnvoyRelease): string {
  return resolve(cacheDir, `envoy-${release.version}`, 'envoy');
}

const WORK_PREFIX = '.download-';

/**
 * Runs `work` in a directory of its own inside the cache, hence on the same file system, so that the result can be
 * renamed into place. What earlier runs left when they were killed goes first: it is told by the process id in the name.
 */
export async function inWorkDirectory<T>(cacheDir: string, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await asCacheProblem(cacheDir, async () => {
    await mkdir(cacheDir, { recursive: true, mode: 0o755 });
    await removeAbandoned(cacheDir);
    return mkdtemp(join(cacheDir, `${WORK_PREFIX}${process.pid}-`));
  });
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Says of any failure of the file system that it was the cache. */
export async function asCacheProblem<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof MeshwiseError) throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new MeshwiseError('MW3056', 'Cannot write', { file: path, found }, { cause });
  }
}

async function removeAbandoned(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    const pid = new RegExp(`^\\${WORK_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
