import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, chown, type FileHandle, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type ScratchResult =
  | { readonly status: 'accepted' }
  | { readonly status: 'refused'; readonly message: string }
  /** It may be right or wrong: the machine was too busy, say. */
  | { readonly status: 'undecided'; readonly message: string }
  | { readonly status: 'unavailable'; readonly message: string };

export interface ScratchEnvoyOptions {
  readonly envoyPath: string;
  /** Where configurations are written for Envoy to read when it runs as the daemon's user; only that can read them. */
  readonly directory: string;
  /** Of processor time. Default 5. What takes longer would hold up every proxy that gets it. */
  readonly timeLimitS?: number;
}

const TIME_LIMIT_S = 5;
/** On a busy machine processor time takes longer to get. */
const WALL_CLOCK_PER_TIME_LIMIT = 4;
const MAX_OUTPUT_CHARACTERS = 1 << 20;
/** `nobody` and `nogroup`: the overflow ids of Linux, which own nothing. */
const NOBODY = 65_534;

/**
 * Asks an Envoy that only validates what it makes of a configuration: it opens no socket, starts no worker and ends. Since
 * configurations can bring code, that of root runs as nobody. One at a time, since nothing on the data path waits for it.
 * Measured: 45 to 60 ms for one, the first one included.
 */
export function scratchEnvoy(options: ScratchEnvoyOptions): (bootstrap: Uint8Array) => Promise<ScratchResult> {
  let turn: Promise<unknown> = Promise.resolve();
  return (bootstrap) => {
    const result = turn.then(() => check(options, bootstrap));
    turn = result;
    return result;
  };
}

async function check(options: ScratchEnvoyOptions, bootstrap: Uint8Array): Promise<ScratchResult> {
  let program: FileHandle;
  try {
    program = await open(options.envoyPath);
  } catch (error) {
    return { status: 'unavailable', message: textOf(error) };
  }
  let place: Place | undefined;
  try {
    place = await placeFor(options);
    // Not to be guessed, so that nothing in it can say that it is fine.
    const path = join(place.directory, `check-${randomUUID()}.pb`);
    place.files.push(path);
    await writeFile(path, bootstrap, { mode: 0o600, flag: 'wx' });
    if (place.isForNobody) await chown(path, NOBODY, NOBODY);
    return await run(options, path, place.isForNobody ? program.fd : undefined);
  } catch (error) {
    return { status: 'undecided', message: textOf(error) };
  } finally {
    await program.close();
    for (const path of place?.files ?? []) await rm(path, { recursive: true, force: true });
  }
}

interface Place {
  readonly directory: string;
  readonly isForNobody: boolean;
  /** To be removed. */
  readonly files: string[];
}

/** Nobody cannot go into the daemon's directories, so there is one apart: passed through, neither listed nor written to. */
async function placeFor({ directory }: ScratchEnvoyOptions): Promise<Place> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !(await hasNobody())) {
    return { directory, isForNobody: false, files: [] };
  }
  const apart = await mkdtemp(join(tmpdir(), 'meshwise-scratch-'));
  await chmod(apart, 0o711);
  return { directory: apart, isForNobody: true, files: [apart] };
}

/** Root of a user namespace without such a user is no more than the user who made it (user_namespaces(7)). */
async function hasNobody(): Promise<boolean> {
  const ranges = (await readFile('/proc/self/uid_map', 'utf8')).trim().split('\n');
  return ranges.some((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return first <= NOBODY && NOBODY < first + count;
  });
}

/** The limit of processor time holds even when whoever would end the process is gone. */
const BOUNDED = 'ulimit -c 0; ulimit -S -t "$1"; ulimit -H -t "$2"; shift 2; exec "$@"';

/** `programFd`: run it as nobody, who may not be able to go where the program is. */
function run(options: ScratchEnvoyOptions, path: string, programFd: number | undefined): Promise<ScratchResult> {
  const limitS = options.timeLimitS ?? TIME_LIMIT_S;
  const limits = [String(limitS), String(limitS + 1)];
  const program = programFd === undefined ? options.envoyPath : `/proc/self/fd/${INHERITED_FD}`;
  const command = [program, '--mode', 'validate', '-c', path, '--log-level', 'critical'];
  const child = spawn('/bin/sh', ['-c', BOUNDED, 'sh', ...limits, ...command], {
    env: {},
    cwd: dirname(path),
    detached: true,
    timeout: limitS * WALL_CLOCK_PER_TIME_LIMIT * 1_000,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe', ...(programFd === undefined ? [] : [programFd])],
    ...(programFd === undefined ? {} : { uid: NOBODY, gid: NOBODY }),
  });
  const output = gathered(child.stdout);
  const errors = gathered(child.stderr);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: 'undecided', message: error.message }));
    // What it left behind would keep its output open.
    child.once('exit', () => killGroup(child.pid));
    child.once('close', (code, signal) => {
      const isFine = code === 0 && output().includes(`configuration '${path}' OK`);
      if (isFine) resolve({ status: 'accepted' });
      else if (signal === 'SIGXCPU') {
        resolve({ status: 'refused', message: `Envoy did not come to an end with it within ${limitS} s` });
      } else if (signal === 'SIGKILL') {
        resolve({ status: 'undecided', message: 'Envoy was ended before it had come to an end with it' });
      } else if (signal !== null) {
        resolve({ status: 'refused', message: `Envoy crashes on it (${signal})` });
      } else if (code === CANNOT_RUN || code === NOT_THERE || errors().includes(`Invalid path: ${path}`)) {
        resolve({ status: 'undecided', message: errors().trim() || `${options.envoyPath} does not start` });
      } else resolve({ status: 'refused', message: reasonIn(errors()) || 'Envoy ends without a word about it' });
    });
  });
}

/** The first after input, output and errors. */
const INHERITED_FD = 3;

function gathered(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (more: string) => {
    if (text.length < MAX_OUTPUT_CHARACTERS) text += more;
  });
  return () => text;
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // There is nobody left in it.
  }
}

/** Exit statuses of a shell that could not start a program (POSIX, Shell Command Language, 2.8.2). */
const CANNOT_RUN = 126;
const NOT_THERE = 127;

/** Envoy's words without the place in its source and the name of our file. */
function reasonIn(stderr: string): string {
  const found = /error initializing configuration '[^']*': ([\s\S]*)/.exec(stderr);
  return (found?.[1] ?? stderr).trim();
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
