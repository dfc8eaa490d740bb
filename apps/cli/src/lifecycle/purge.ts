import { readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import type { StateDirectory } from '../state-directory.ts';

/** One of these is in every directory a daemon has used. */
const MARKS = ['token', 'store.sqlite', 'start-error.json', 'daemon.json', 'ca'];

/**
 * Refuses a directory that is not plainly a state directory: MESHWISE_HOME may name anything, and what is removed does not
 * come back. Throws MW7001.
 */
export async function assertPurgeable(state: StateDirectory): Promise<void> {
  const entries = await readdir(state.path).catch(() => []);
  if (entries.length === 0) return;
  const holdsMore = isInside(homedir(), state.path) || isInside(process.cwd(), state.path);
  if (!holdsMore && entries.some((entry) => MARKS.includes(entry))) return;
  throw new MeshwiseError('MW7001', 'this is not a directory that --purge removes', {
    file: state.path,
    advice: 'It holds no state of Meshwise, or your home or working directory. Remove it yourself if you mean it.',
  });
}

/** True when there was something to remove. */
export async function purge(state: StateDirectory): Promise<boolean> {
  const existed = (await readdir(state.path).catch(() => undefined)) !== undefined;
  await rm(state.path, { recursive: true, force: true });
  return existed;
}

function isInside(path: string, directory: string): boolean {
  for (let current = resolve(path); ; current = dirname(current)) {
    if (current === directory) return true;
    if (dirname(current) === current) return false;
  }
}
