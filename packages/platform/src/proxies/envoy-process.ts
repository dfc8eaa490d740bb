import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { ProgramCommand } from '../capture/capture.ts';
import type { ProcessExit, ProcessHandle, ProcessHost } from '../process/process-host.ts';
import { adminRequest, isReady } from './admin.ts';
import { backOffMs } from './back-off.ts';

export interface EnvoyProcessOptions {
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
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
}

export interface EnvoyProcessState {
  readonly process: 'running' | 'restarting' | 'stopped';
  readonly pid: number | undefined;
  readonly restarts: number;
  readonly lastExit: string | undefined;
}

const RESTART_BASE_MS = 100;
const RESTART_CAP_MS = 10_000;
/** A proxy that ran this long has not failed in a row. */
const STABLE_MS = 60_000;
const DRAIN_S = 5;
const PARENT_SHUTDOWN_S = 8;

/**
 * One Envoy, kept running.
 *
 * Crash: a new one starts after a back-off that grows to ten seconds. Restart on purpose: Envoy's hot restart, where the
 * new process takes over the listening sockets of the old one, which finishes its requests and leaves; for that each
 * proxy has a base id of its own, chosen by Envoy and kept in a file.
 */
export class EnvoyProcess {
  readonly #o: EnvoyProcessOptions;
  #handle: ProcessHandle | undefined;
  #draining: ProcessHandle | undefined;
  #epoch = 0;
  #restarts = 0;
  #failures = 0;
  #lastExit: string | undefined;
  #stopped = false;

  constructor(options: EnvoyProcessOptions) {
    this.#o = options;
  }

  get state(): EnvoyProcessState {
    return {
      process: this.#stopped ? 'stopped' : this.#handle === undefined ? 'restarting' : 'running',
      pid: this.#handle?.pid,
      restarts: this.#restarts,
      lastExit: this.#lastExit,
    };
  }

  /** Adopts the newest running process of this name, or starts one. */
  async start(): Promise<void> {
    const running = this.#o.host
      .all()
      .filter((handle) => handle.id.startsWith(`${this.#prefix}e`))
      .map((handle) => ({ handle, epoch: Number(handle.id.slice(this.#prefix.length + 1)) }))
      .sort((a, b) => b.epoch - a.epoch)[0];
    if (running === undefined) {
      await this.#spawn(0);
    } else {
      this.#epoch = running.epoch;
      this.#take(running.handle);
    }
  }

  /** Replaces the process without losing a request. Resolves when the new one is live. */
  async restart(): Promise<void> {
    const old = this.#handle;
    if (old === undefined) throw new MeshwiseError('MW3202', `proxy ${this.#o.name} is not running`);
    this.#draining = old;
    this.#restarts += 1;
    await this.#spawn(this.#epoch + 1);
    await this.untilReady(20_000);
    await old.exited;
    await this.#o.host.forget(old);
    this.#draining = undefined;
  }

  async untilReady(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    const untilMs = this.#o.clock.monotonicMs() + withinMs;
    while (this.#o.clock.monotonicMs() < untilMs && signal?.aborted !== true) {
      if (this.#handle !== undefined && (await isReady(this.#o.adminSocketPath))) return true;
      await this.#o.clock.sleep(25);
    }
    return false;
  }

  /** Whatever becomes of the process from here on is the next daemon's business: this one starts no other. */
  leave(): void {
    this.#stopped = true;
  }

  /** Lets listeners finish for up to `drainMs`, then ends the process. */
  async stop(drainMs: number): Promise<void> {
    this.#stopped = true;
    for (const handle of [this.#handle, this.#draining]) {
      if (handle === undefined) continue;
      if (drainMs > 0) {
        await adminRequest(this.#o.adminSocketPath, '/drain_listeners?graceful', { method: 'POST' }).catch(() => {});
        await this.#o.clock.sleep(drainMs);
      }
      await this.#o.host.stop(handle, 2_000);
    }
    await this.#removeSharedMemory();
  }

  get #prefix(): string {
    return `envoy-${this.#o.name}-`;
  }

  get #baseIdPath(): string {
    return join(this.#o.directory, 'base-id');
  }

  async #spawn(epoch: number): Promise<void> {
    const { directory, place, host } = this.#o;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const bootstrapPath = join(directory, 'bootstrap.json');
    await writeFile(bootstrapPath, JSON.stringify(this.#o.bootstrap), { mode: 0o600 });
    if (epoch === 0) {
      await this.#removeSharedMemory();
      await rm(this.#o.adminSocketPath, { force: true });
    }
    const base = !this.#o.hotRestart
      ? ['--disable-hot-restart']
      : epoch === 0
        ? ['--use-dynamic-base-id', '--base-id-path', this.#baseIdPath]
        : ['--base-id', (await readFile(this.#baseIdPath, 'utf8')).trim(), '--restart-epoch', String(epoch)];
    const command = await place({
      argv: [
        this.#o.envoyPath,
        ...['-c', bootstrapPath],
        ...['--concurrency', String(this.#o.concurrency)],
        ...base,
        ...['--drain-time-s', String(DRAIN_S), '--drain-strategy', 'immediate'],
        ...['--parent-shutdown-time-s', String(PARENT_SHUTDOWN_S)],
        ...['--log-level', 'warning'],
      ],
      env: {},
      cwd: directory,
    });
    this.#epoch = epoch;
    const handle = await host.start({ id: `${this.#prefix}e${epoch}`, ...command, logPath: this.#o.logPath });
    this.#take(handle);
  }

  #take(handle: ProcessHandle): void {
    this.#handle = handle;
    const startedMs = this.#o.clock.monotonicMs();
    this.#o.onChange();
    handle.exited.then(async (exit) => {
      if (this.#handle !== handle || this.#stopped) return;
      this.#handle = undefined;
      await this.#o.host.forget(handle);
      await this.#afterCrash(exit, this.#o.clock.monotonicMs() - startedMs);
    });
  }

  async #afterCrash(exit: ProcessExit, ranMs: number): Promise<void> {
    this.#failures = ranMs > STABLE_MS ? 1 : this.#failures + 1;
    this.#lastExit = describeExit(exit);
    this.#o.logger.warn('proxy ended', { proxy: this.#o.name, exit: this.#lastExit, failures: this.#failures });
    this.#o.onChange();
    while (!this.#stopped) {
      await this.#o.clock.sleep(backOffMs(this.#failures, RESTART_BASE_MS, RESTART_CAP_MS));
      if (this.#stopped) return;
      this.#restarts += 1;
      try {
        await this.#spawn(0);
        return;
      } catch (error) {
        this.#failures += 1;
        this.#lastExit = `not started: ${MeshwiseError.from(error).summary}`;
        this.#o.logger.error('proxy could not be started', { proxy: this.#o.name, error: String(error) });
        this.#o.onChange();
      }
    }
  }

  /** Envoy leaves the shared memory of hot restart behind. */
  async #removeSharedMemory(): Promise<void> {
    const baseId = await readFile(this.#baseIdPath, 'utf8').catch(() => undefined);
    if (baseId === undefined) return;
    await rm(sharedMemoryPath(baseId), { force: true });
    await rm(this.#baseIdPath, { force: true });
  }
}

/** Where Envoy keeps what two processes of one base id share (hot_restart_impl: ten ids are reserved for each). */
export function sharedMemoryPath(baseId: string): string {
  return `/dev/shm/envoy_shared_memory_${Number(baseId) * 10}`;
}

export function describeExit(exit: ProcessExit): string {
  if (exit.signal !== undefined) return `ended by ${exit.signal}`;
  if (exit.code !== undefined) return `exited with code ${exit.code}`;
  return 'ended while no daemon was watching';
}
