import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { CATALOGUE, type ErrorBody, type ErrorCode, MeshwiseError } from '@meshwise/core';
import type { CliContext } from '../context.ts';
import type { StateDirectory } from '../state-directory.ts';

export const CAPTURES = ['auto', 'netns', 'loopback'] as const;
export const SAMPLES = ['none', 'bookinfo'] as const;

/** What the daemon is told, as JSON in MESHWISE_DAEMON. */
export interface DaemonSettings {
  readonly home: string;
  readonly capture: (typeof CAPTURES)[number];
  readonly sample: (typeof SAMPLES)[number];
  /** Exactly this port; null: the default one, or the next that is free. */
  readonly gatewayPort: number | null;
  readonly apiPort: number | null;
}

export interface DaemonProcess {
  readonly pid: number;
  /** Set once it has ended. */
  readonly end: () => DaemonEnd | undefined;
  readonly ended: Promise<DaemonEnd>;
  /** From now on this process may end before the daemon does. */
  release(): void;
}

export interface DaemonEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const MAX_LOG_BYTES = 16 << 20;

/**
 * Where V8 makes new objects grows to 134 MB by default while proxies connect, and stays so. With 2,000 proxies a third of
 * that saves 120 MB and costs no time.
 */
export const DAEMON_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=16'];

/**
 * Starts the daemon in a session of its own: neither Ctrl-C nor the end of the terminal reaches it, only who started it
 * does. Its log goes to a file, since a pipe would end with this process.
 */
export async function startDaemon(
  context: CliContext,
  state: StateDirectory,
  settings: DaemonSettings,
): Promise<DaemonProcess> {
  const log = await openLog(state);
  try {
    await rm(state.startError, { force: true });
    const child = spawn(process.execPath, [...DAEMON_NODE_FLAGS, context.daemonProgram], {
      cwd: state.path,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...context.env, MESHWISE_DAEMON: JSON.stringify(settings) },
    });
    let end: DaemonEnd | undefined;
    const ended = new Promise<DaemonEnd>((resolve) => {
      child.on('exit', (code, signal) => {
        end = { code, signal };
        resolve(end);
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) =>
        reject(new MeshwiseError('MW6008', `it cannot be started: ${cause.message}`, {}, { cause })),
      );
    });
    const { pid } = child;
    if (pid === undefined) throw new MeshwiseError('MW6008', 'it has no process id');
    return { pid, ended, end: () => end, release: () => child.unref() };
  } finally {
    closeSync(log);
  }
}

async function openLog(state: StateDirectory): Promise<number> {
  try {
    await mkdir(state.path, { recursive: true, mode: 0o700 });
    await mkdir(state.logs, { recursive: true, mode: 0o700 });
    const size = await stat(state.log).then(
      (found) => found.size,
      () => 0,
    );
    if (size > MAX_LOG_BYTES) await rename(state.log, `${state.log}.1`);
    return openSync(state.log, 'a', 0o600);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MeshwiseError('MW2006', `the state directory cannot be used: ${reason}`, { file: state.path }, { cause });
  }
}

/** Why a daemon that has ended did not start: its own words where it left some, else the end of its log. */
export async function startFailure(state: StateDirectory, end: DaemonEnd): Promise<MeshwiseError> {
  const left = await readFile(state.startError, 'utf8').catch(() => '');
  try {
    const body = JSON.parse(left) as Partial<ErrorBody>;
    if (typeof body.code === 'string' && Object.hasOwn(CATALOGUE, body.code) && typeof body.message === 'string') {
      return new MeshwiseError(
        body.code as ErrorCode,
        body.message,
        body.advice === undefined ? {} : { advice: body.advice },
      );
    }
  } catch {
    // It ended before it could say why.
  }
  const how = end.signal === null ? `it ended with code ${end.code ?? '?'}` : `it was ended by ${end.signal}`;
  return new MeshwiseError('MW6008', how, { advice: `Read ${state.log} and run \`meshwise doctor\`.` });
}
