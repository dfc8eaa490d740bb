import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Cell } from './messages.ts';

/** A server that can stand in this bench. */
export interface ServerKind {
  readonly name: string;
  readonly ownSockets: boolean;
  command(cell: Cell, directory: string): readonly string[];
}

const program = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** `MESHWISE_BENCH_CPU_PROFILE` is a directory for a profile of our server, to find what costs. */
function nodeFlags(): readonly string[] {
  const directory = process.env['MESHWISE_BENCH_CPU_PROFILE'];
  return directory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${directory}`];
}

export const OURS: ServerKind = {
  name: 'meshwise',
  ownSockets: true,
  command: (cell, directory) => [
    process.execPath,
    ...nodeFlags(),
    program('own-server.ts'),
    JSON.stringify({ ...cell, directory }),
  ],
};

export const NAIVE: ServerKind = {
  name: 'naive (bench/)',
  ownSockets: false,
  command: (_, directory) => [process.execPath, program('naive-server.ts'), JSON.stringify({ directory })],
};

/** Builds the peer, its caches outside the repository; the reason when that is not possible. */
export async function goControlPlane(): Promise<ServerKind | { readonly missing: string }> {
  const source = program('../../peers/go-control-plane');
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshwise-bench');
  const binary = join(cache, 'go-control-plane');
  try {
    await mkdir(cache, { recursive: true });
    await promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: source });
  } catch (error) {
    return { missing: (error instanceof Error ? error.message : String(error)).slice(0, 300) };
  }
  return {
    name: 'go-control-plane 0.14',
    ownSockets: false,
    command: (_, directory) => [binary, join(directory, 'all.sock')],
  };
}
