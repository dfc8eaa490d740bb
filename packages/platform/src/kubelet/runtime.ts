import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, constants, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { MeshwiseError } from '@meshwise/core';
import type { VolumeMount } from '../capture/capture.ts';
import { openToAll } from '../capture/open-to-all.ts';
import { pythonExecutable } from '../capture/python.ts';
import { installedProgram } from './installed-program.ts';

/** What an image stands for, with its path made absolute. */
export interface Program {
  readonly runtime: 'node' | 'python' | 'go' | 'exec' | 'path';
  readonly entry: string;
  /** The folder that holds the entry and all it loads. */
  readonly root: string;
  /** How to install what runtime `path` names. */
  readonly install?: string;
}

/** The start of a command line, and the folders that have to be shown to the program under other paths. */
export interface Launchable {
  readonly argv: readonly string[];
  readonly mounts: readonly VolumeMount[];
}

/** A place for programs that their own user could not read where they are (under /root, say); made in the pod only. */
const PROGRAM_TARGET = '/opt/meshwise/program';
const RUNTIME_TARGET = '/opt/meshwise/runtime';

export interface LaunchOptions {
  /** Whether folders can be shown under other paths. */
  readonly remap: boolean;
  /** Where volumes are mounted: what lies below is not to be seen at its own path. */
  readonly covered: readonly string[];
  readonly cacheDirectory: string;
  readonly stateDirectory: string;
}

/**
 * Finds the interpreter of a program, or builds it (Go). With `remap`, whatever other users cannot read or a volume covers is
 * mounted where they can; the paths of the command line are then those of the mount.
 */
export async function launchable(program: Program, options: LaunchOptions): Promise<Launchable> {
  if (program.runtime === 'path') {
    const found = await installedProgram(program.entry, program.install);
    return launchable({ runtime: 'exec', entry: found, root: dirname(found) }, options);
  }
  if (program.runtime === 'go') {
    const binary = await buildGo(dirname(program.entry), options.cacheDirectory);
    const shown = await show(binary, dirname(binary), PROGRAM_TARGET, options);
    return { argv: [shown.path], mounts: shown.mounts };
  }
  const entry = await show(program.entry, folderOf(program, options.stateDirectory), PROGRAM_TARGET, options);
  if (program.runtime === 'exec') return { argv: [entry.path], mounts: entry.mounts };
  const found = program.runtime === 'node' ? process.execPath : await pythonExecutable();
  const binary = await realpath(found);
  // An interpreter needs the library folder beside its bin folder; Node is a single file.
  const root = program.runtime === 'node' ? dirname(binary) : dirname(dirname(binary));
  const interpreter = await show(binary, root, RUNTIME_TARGET, options);
  // Without the user's own modules, which a volume in the home folder could bring.
  const flags = program.runtime === 'node' ? [] : ['-B', '-s'];
  return { argv: [interpreter.path, ...flags, entry.path], mounts: [...entry.mounts, ...interpreter.mounts] };
}

/**
 * The folder that a program may see of its kind: that of its catalogue, or the entry's own when the catalogue lies elsewhere
 * or in the state directory, which holds the mesh's keys. Throws MW3302 when the entry itself lies there.
 */
function folderOf({ entry, root }: Program, stateDirectory: string): string {
  const holdsState = (folder: string) => contains(folder, resolve(stateDirectory));
  const folder = contains(resolve(root), entry) && !holdsState(resolve(root)) ? resolve(root) : dirname(entry);
  if (!holdsState(folder)) return folder;
  throw new MeshwiseError('MW3302', `${entry} lies beside the state of the mesh`, {
    advice: 'Put the program into a folder of its own.',
  });
}

function contains(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function show(path: string, root: string, target: string, { remap, covered }: LaunchOptions) {
  // A volume above hides the program, and one inside would replace a part of it by what the manifest says.
  const folder = resolve(root);
  const hidden = covered
    .map((volume) => resolve(volume))
    .some((volume) => contains(volume, folder) || contains(folder, volume) || contains(volume, path));
  if (!remap || (!hidden && (await openToAll(root)) && (await openToAll(path)))) return { path, mounts: [] };
  const shown = join(target, path.slice(resolve(root).length));
  return { path: shown, mounts: [{ source: root, target, readOnly: true }] };
}

async function onPath(name: string): Promise<string | undefined> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/** Builds once per content: the name of the binary holds a hash of the sources' names, sizes and times. */
async function buildGo(directory: string, cacheDirectory: string): Promise<string> {
  const go = await onPath('go');
  if (go === undefined) {
    throw new MeshwiseError('MW3302', 'this image is a Go program, and Go is not installed', {
      advice: 'Install Go, or map the image to another program in images.json.',
    });
  }
  const hash = createHash('sha256').update(directory);
  for (const name of (await readdir(directory)).sort()) {
    const { size, mtimeMs } = await stat(join(directory, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  const output = join(cacheDirectory, 'go', hash.digest('hex').slice(0, 16), basename(directory));
  if (await stat(output).catch(() => undefined)) return output;
  await mkdir(dirname(output), { recursive: true });
  await promisify(execFile)(go, ['build', '-o', output, '.'], {
    cwd: directory,
    env: { ...process.env, CGO_ENABLED: '0' },
    timeout: 300_000,
  }).catch((cause: unknown) => {
    throw new MeshwiseError('MW3302', `building ${basename(directory)} failed: ${String(cause)}`, {}, { cause });
  });
  return output;
}
