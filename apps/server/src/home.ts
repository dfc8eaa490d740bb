import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { MeshwiseError } from '@meshwise/core';

/** The state directory and what is where in it. */
export interface Home {
  readonly path: string;
  readonly store: string;
  readonly authority: string;
  readonly run: string;
  readonly logs: string;
  readonly images: string;
  readonly token: string;
  readonly daemon: string;
  readonly startError: string;
  readonly settings: string;
  readonly gatewayPorts: string;
  /** Last good keys of token issuers. */
  readonly keySets: string;
  /** Journals of load tests that go on. Not below `run`, which goes with the mesh. */
  readonly runs: string;
}

/** `$MESHWISE_HOME`, else `~/.meshwise`. */
export function defaultHome(env: NodeJS.ProcessEnv): string {
  return resolve(env['MESHWISE_HOME'] ?? join(homedir(), '.meshwise'));
}

export function homeAt(path: string): Home {
  return {
    path,
    store: join(path, 'store.sqlite'),
    authority: join(path, 'ca'),
    run: join(path, 'run'),
    logs: join(path, 'log'),
    images: join(path, 'images.json'),
    token: join(path, 'token'),
    daemon: join(path, 'daemon.json'),
    startError: join(path, 'start-error.json'),
    settings: join(path, 'settings.json'),
    gatewayPorts: join(path, 'gateway-ports.json'),
    keySets: join(path, 'key-sets.json'),
    runs: join(path, 'runs'),
  };
}

/** Makes the directories, for their owner alone. Throws MW2006 when that is not possible. */
export async function prepareHome(home: Home): Promise<void> {
  try {
    await mkdir(home.path, { recursive: true, mode: 0o700 });
    await chmod(home.path, 0o700);
    for (const directory of [home.run, home.logs]) await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(join(home.run, '.writable'), '');
  } catch (cause) {
    throw new MeshwiseError(
      'MW2006',
      `the state directory cannot be used: ${String(cause)}`,
      { file: home.path },
      { cause },
    );
  }
}

export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, so that no reader sees half of it. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
