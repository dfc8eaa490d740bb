import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramCommand } from '../capture/capture.ts';
import type { ProcessHandle, ProcessHost } from '../process/process-host.ts';
import { removeSharedMemory } from './shared-memory.ts';

/**
 * How one process of a proxy is started, and found again by a later daemon. Each has a restart epoch: 0 starts afresh, every
 * other one takes over the sockets of the one before, which it finds by the base id that Envoy chose for epoch 0.
 */
export interface EnvoyLaunchOptions {
  /** Names the process among all proxies; part of file names. */
  readonly name: string;
  readonly envoyPath: string;
  readonly directory: string;
  readonly logPath: string;
  /** The bootstrap, written to a file only we can read. */
  readonly bootstrap: unknown;
  readonly adminSocketPath: string;
  /** Worker threads; 1 unless the pod's annotation says otherwise. */
  readonly concurrency: number;
  /** False for a proxy that is never restarted on purpose. */
  readonly hotRestart: boolean;
  /** Makes the command run where proxies run. */
  readonly place: (command: ProgramCommand) => Promise<ProgramCommand>;
  readonly host: ProcessHost;
}

/** One process of a proxy: the one of that restart epoch. */
export interface LaunchedEnvoy {
  readonly handle: ProcessHandle;
  readonly epoch: number;
}

const DRAIN_S = 5;
/** When the process before leaves by itself, after another one has taken its place. */
export const PARENT_SHUTDOWN_S = 8;

/** The processes of that proxy that run, newest first. */
export function launchedEnvoys({ host, name }: EnvoyLaunchOptions): LaunchedEnvoy[] {
  const prefix = processId(name, '');
  return host
    .all()
    .filter(({ id }) => id.startsWith(prefix))
    .map((handle) => ({ handle, epoch: Number(handle.id.slice(prefix.length)) }))
    .sort((a, b) => b.epoch - a.epoch);
}

export async function launchEnvoy(options: EnvoyLaunchOptions, epoch: number): Promise<LaunchedEnvoy> {
  const { directory, place, host } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const bootstrapPath = join(directory, 'bootstrap.json');
  await writeFile(bootstrapPath, JSON.stringify(options.bootstrap), { mode: 0o600 });
  if (epoch === 0) {
    await removeSharedMemory(baseIdPath(options));
    await rm(options.adminSocketPath, { force: true });
  }
  const command = await place({
    argv: [
      options.envoyPath,
      ...['-c', bootstrapPath],
      ...['--concurrency', String(options.concurrency)],
      ...(await restartArguments(options, epoch)),
      ...['--drain-time-s', String(DRAIN_S), '--drain-strategy', 'immediate'],
      ...['--parent-shutdown-time-s', String(PARENT_SHUTDOWN_S)],
      ...['--log-level', 'warning'],
    ],
    env: {},
    cwd: directory,
  });
  const id = processId(options.name, epoch);
  return { handle: await host.start({ id, ...command, logPath: options.logPath }), epoch };
}

/** Where the base id of a proxy's processes is kept. */
export function baseIdPath({ directory }: EnvoyLaunchOptions): string {
  return join(directory, 'base-id');
}

async function restartArguments(options: EnvoyLaunchOptions, epoch: number): Promise<readonly string[]> {
  if (!options.hotRestart) return ['--disable-hot-restart'];
  const path = baseIdPath(options);
  if (epoch === 0) return ['--use-dynamic-base-id', '--base-id-path', path];
  return ['--base-id', (await readFile(path, 'utf8')).trim(), '--restart-epoch', String(epoch)];
}

function processId(name: string, epoch: number | ''): string {
  return `envoy-${name}-e${epoch}`;
}
