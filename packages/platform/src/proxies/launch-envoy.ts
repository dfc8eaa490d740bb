import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Capture, ProgramCommand } from '../capture/capture.ts';
import type { ProcessHandle, ProcessHost } from '../process/process-host.ts';
import { baseIdFile, removeAllSharedMemory } from './shared-memory.ts';

/** How one process of a proxy is started, and found again by a later daemon. */
export interface EnvoyLaunchOptions {
  /** Names the process among all proxies; part of file names. */
  readonly name: string;
  readonly envoyPath: string;
  readonly directory: string;
  readonly logPath: string;
  /** The bootstrap, written to a file only we can read. */
  readonly bootstrap: unknown;
  readonly adminSocketPath: string;
  /** Other Unix sockets that the proxy listens on now. */
  readonly socketPaths?: () => readonly string[];
  /** Worker threads; 1 unless the pod's annotation says otherwise. */
  readonly concurrency: number;
  /** Variables of the proxy's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** False for a proxy that is never restarted on purpose. */
  readonly hotRestart: boolean;
  /** Makes the command run where proxies run. */
  readonly place: (command: ProgramCommand) => Promise<ProgramCommand>;
  readonly host: ProcessHost;
  readonly steer?: Capture['steer'] | undefined;
}

/**
 * Which process of a proxy. Those of a family share a base id, which Envoy chose for epoch 0; every later epoch takes over the
 * sockets of the one before. A new family stands beside the one before, where the two Envoys cannot do that.
 */
export interface Generation {
  readonly family: number;
  readonly epoch: number;
}

/** One process of a proxy. */
export interface LaunchedEnvoy extends Generation {
  readonly handle: ProcessHandle;
}

/** Envoy's default, ten seconds, is long for somebody who follows a log. */
const LOG_FLUSH_MS = 250;
/** How long the process before tells its clients with each answer to connect anew. */
export const DRAIN_S = 5;
/** When the process before leaves by itself, after another one has taken its place. */
export const PARENT_SHUTDOWN_S = 8;

/** The processes of that proxy that run, newest first. */
export function launchedEnvoys({ host, name }: EnvoyLaunchOptions): LaunchedEnvoy[] {
  const prefix = processId(name, '');
  return host
    .all()
    .filter(({ id }) => id.startsWith(prefix))
    .map((handle) => ({ handle, ...generationOf(handle.id.slice(prefix.length)) }))
    .sort((a, b) => b.family - a.family || b.epoch - a.epoch);
}

export async function launchEnvoy(options: EnvoyLaunchOptions, generation: Generation): Promise<LaunchedEnvoy> {
  const { directory, place, host } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const bootstrapPath = join(directory, 'bootstrap.json');
  await writeFile(bootstrapPath, JSON.stringify(options.bootstrap), { mode: 0o600 });
  if (generation.family === 0 && generation.epoch === 0) {
    await removeAllSharedMemory(directory);
    await rm(options.adminSocketPath, { force: true });
  }
  const command = await place({
    argv: [
      options.envoyPath,
      ...['-c', bootstrapPath],
      ...['--concurrency', String(options.concurrency)],
      ...(await restartArguments(options, generation)),
      ...['--drain-time-s', String(DRAIN_S), '--drain-strategy', 'immediate'],
      ...['--parent-shutdown-time-s', String(PARENT_SHUTDOWN_S)],
      ...['--log-level', 'warning'],
      ...['--file-flush-interval-msec', String(LOG_FLUSH_MS)],
    ],
    env: { ...options.environment },
    cwd: directory,
  });
  const id = processId(options.name, nameOf(generation));
  return { handle: await host.start({ id, ...command, logPath: options.logPath }), ...generation };
}

/** Where the base id of a family is kept. */
export function baseIdPath({ directory }: EnvoyLaunchOptions, { family }: Pick<Generation, 'family'>): string {
  return join(directory, baseIdFile(family));
}

async function restartArguments(options: EnvoyLaunchOptions, generation: Generation): Promise<readonly string[]> {
  if (!options.hotRestart) return ['--disable-hot-restart'];
  const path = baseIdPath(options, generation);
  // Said of every epoch: by it a process tells at its administration interface of which family it is.
  const kept = ['--base-id-path', path];
  if (generation.epoch === 0) return ['--use-dynamic-base-id', ...kept];
  const baseId = (await readFile(path, 'utf8')).trim();
  return ['--base-id', baseId, ...kept, '--restart-epoch', String(generation.epoch)];
}

function processId(name: string, generation: string): string {
  return `envoy-${name}-e${generation}`;
}

function nameOf({ family, epoch }: Generation): string {
  return family === 0 ? String(epoch) : `${family}.${epoch}`;
}

function generationOf(name: string): Generation {
  const [first = 0, second] = name.split('.').map(Number);
  return second === undefined ? { family: 0, epoch: first } : { family: first, epoch: second };
}
