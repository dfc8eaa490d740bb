import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { ProgramCommand } from '../capture/capture.ts';
import type { ProcessExit, ProcessHandle, ProcessHost } from '../process/process-host.ts';
import { isEpochLive, readiness } from './admin.ts';
import { backOffMs } from './back-off.ts';
import { ReadyWatch } from './ready-watch.ts';
import { clearInitialising, removeSharedMemory } from './shared-memory.ts';

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
const STOP_GRACE_MS = 2_000;
/** A process that takes the place of another has this long to become live. */
const REPLACE_MS = 20_000;
/** The one before leaves by itself after PARENT_SHUTDOWN_S; it is ended when it has not by then. */
const LEAVE_MS = PARENT_SHUTDOWN_S * 1_000 + 4_000;

interface Running {
  readonly handle: ProcessHandle;
  readonly epoch: number;
  readonly startedMs: number;
  exit: ProcessExit | undefined;
}

/**
 * One Envoy, kept running.
 *
 * Crash: a new one starts after a back-off that grows to ten seconds. Restart on purpose: Envoy's hot restart, where the
 * new process takes over the listening sockets of the old one, which finishes its requests and leaves; for that each
 * proxy has a base id of its own, chosen by Envoy and kept in a file. Starts, restarts and the end are done one at a time.
 */
export class EnvoyProcess {
  readonly #o: EnvoyProcessOptions;
  readonly #watch: ReadyWatch;
  #current: Running | undefined;
  /** What other processes have taken the place of. */
  readonly #draining = new Set<Running>();
  #turn: Promise<unknown> = Promise.resolve();
  #restarts = 0;
  #failures = 0;
  #lastExit: string | undefined;
  readonly #ending = new AbortController();
  #left = false;

  constructor(options: EnvoyProcessOptions) {
    this.#o = options;
    const ask = async () => (this.#current === undefined ? false : readiness(options.adminSocketPath));
    this.#watch = new ReadyWatch({ ask, clock: options.clock, onTurn: () => options.onChange() });
  }

  get state(): EnvoyProcessState {
    return {
      process: this.#stopped ? 'stopped' : this.#current === undefined ? 'restarting' : 'running',
      pid: this.#current?.handle.pid,
      restarts: this.#restarts,
      lastExit: this.#lastExit,
    };
  }

  /** True while the process that runs says that it is live. */
  get ready(): boolean {
    return !this.#stopped && this.#current !== undefined && this.#watch.ready;
  }

  /** Adopts the running processes of this name, or starts one. */
  async start(): Promise<void> {
    await this.#inTurn(async () => {
      const [newest, before, ...older] = this.#o.host
        .all()
        .filter((handle) => handle.id.startsWith(`${this.#prefix}e`))
        .map((handle) => this.#running(handle, Number(handle.id.slice(this.#prefix.length + 1))))
        .sort((a, b) => b.epoch - a.epoch);
      if (newest === undefined) return this.#take(await this.#launch(0));
      for (const running of older) this.#draining.add(running);
      this.#take(before ?? newest);
      if (before === undefined) return;
      // The daemon before this one went in the middle of a restart.
      this.#inTurn(() => this.#settle(newest, before)).catch((error: unknown) =>
        this.#o.logger.warn('restart of a proxy not finished', { proxy: this.#o.name, error: String(error) }),
      );
    });
    this.#watch.start();
  }

  /**
   * Replaces the process without losing a request. Resolves when the new one is live and the old one has left; throws MW3202
   * when the new one does not become live, and keeps the old one then.
   */
  async restart(): Promise<void> {
    await this.#inTurn(async () => {
      const old = this.#current;
      if (old === undefined || this.#stopped) {
        throw new MeshwiseError('MW3202', `proxy ${this.#o.name} is not running`);
      }
      await this.#endDraining();
      await this.#settle(await this.#launch(old.epoch + 1), old);
    });
  }

  async untilReady(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    const untilMs = this.#o.clock.monotonicMs() + withinMs;
    while (this.#o.clock.monotonicMs() < untilMs && signal?.aborted !== true && !this.#stopped) {
      if (this.#current !== undefined && (await this.#watch.check())) return true;
      await this.#o.clock.sleep(25);
    }
    return false;
  }

  /** Whatever becomes of the process from here on is the next daemon's business: this one starts and ends no other. */
  leave(): void {
    this.#left = true;
    this.#ending.abort();
    this.#watch.stop();
  }

  /** Ends the process, and one that is being started just now. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#watch.stop();
    await this.#inTurn(async () => {
      for (const { handle } of [this.#current, ...this.#draining].filter((running) => running !== undefined)) {
        await this.#o.host.stop(handle, STOP_GRACE_MS);
      }
      await removeSharedMemory(this.#baseIdPath);
    });
  }

  get #stopped(): boolean {
    return this.#ending.signal.aborted;
  }

  get #prefix(): string {
    return `envoy-${this.#o.name}-`;
  }

  get #baseIdPath(): string {
    return join(this.#o.directory, 'base-id');
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #launch(epoch: number): Promise<Running> {
    const { directory, place, host } = this.#o;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const bootstrapPath = join(directory, 'bootstrap.json');
    await writeFile(bootstrapPath, JSON.stringify(this.#o.bootstrap), { mode: 0o600 });
    if (epoch === 0) {
      await removeSharedMemory(this.#baseIdPath);
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
    const id = `${this.#prefix}e${epoch}`;
    return this.#running(await host.start({ id, ...command, logPath: this.#o.logPath }), epoch);
  }

  #running(handle: ProcessHandle, epoch: number): Running {
    const running: Running = { handle, epoch, startedMs: this.#o.clock.monotonicMs(), exit: undefined };
    void handle.exited.then(async (exit) => {
      running.exit = exit;
      if (this.#left) return;
      this.#draining.delete(running);
      await this.#o.host.forget(handle);
      if (this.#current === running) this.#lose(running, exit);
    });
    return running;
  }

  #take(running: Running): void {
    this.#current = running;
    this.#o.onChange();
    if (running.exit !== undefined) this.#lose(running, running.exit);
  }

  #lose(running: Running, exit: ProcessExit): void {
    if (this.#stopped) return;
    this.#current = undefined;
    this.#watch.reset();
    void this.#afterCrash(exit, this.#o.clock.monotonicMs() - running.startedMs);
  }

  /** Waits for `next` to be live and for `old`, whose place it takes, to leave; ends the one that does not do its part. */
  async #settle(next: Running, old: Running): Promise<void> {
    const { host, adminSocketPath } = this.#o;
    const live = await this.#within(REPLACE_MS, next, () => isEpochLive(adminSocketPath, next.epoch));
    if (this.#left) return;
    if (live !== 'yes') {
      const exit = await host.stop(next.handle, 0);
      await clearInitialising(this.#baseIdPath);
      const reason = live === 'ended' ? describeExit(exit) : live === 'late' ? 'not live in time' : 'stopped meanwhile';
      this.#lastExit = `replacement failed: ${reason}`;
      throw new MeshwiseError('MW3202', `the new process of proxy ${this.#o.name} did not take over: ${reason}`, {
        advice: `See ${this.#o.logPath}. The process before goes on.`,
      });
    }
    this.#restarts += 1;
    if (this.#current === old) this.#draining.add(old);
    this.#take(next);
    await this.#within(LEAVE_MS, next, async () => !this.#draining.has(old));
    if (!this.#left && this.#draining.has(old)) await host.stop(old.handle, STOP_GRACE_MS);
  }

  /** Asks until the answer is yes, `running` has ended, the time is over, or everything is to end. */
  async #within(limitMs: number, running: Running, ask: () => Promise<boolean>) {
    const { clock } = this.#o;
    const untilMs = clock.monotonicMs() + limitMs;
    while (!this.#stopped) {
      if (await ask()) return 'yes';
      if (running.exit !== undefined) return 'ended';
      if (clock.monotonicMs() >= untilMs) return 'late';
      await clock.sleep(25);
    }
    return 'stopped';
  }

  async #endDraining(): Promise<void> {
    for (const { handle } of this.#draining) await this.#o.host.stop(handle, STOP_GRACE_MS);
    this.#draining.clear();
  }

  async #afterCrash(exit: ProcessExit, ranMs: number): Promise<void> {
    this.#failures = ranMs > STABLE_MS ? 1 : this.#failures + 1;
    this.#lastExit = describeExit(exit);
    this.#o.logger.warn('proxy ended', { proxy: this.#o.name, exit: this.#lastExit, failures: this.#failures });
    this.#o.onChange();
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const delayMs = backOffMs(this.#failures, RESTART_BASE_MS, RESTART_CAP_MS);
      await this.#o.clock.sleep(delayMs, signal).catch(() => undefined);
      if (await this.#inTurn(() => this.#startAgain())) return;
    }
  }

  /** True when a process runs, be it because a restart has put another one into the place of the one that ended. */
  async #startAgain(): Promise<boolean> {
    if (this.#stopped || this.#current !== undefined) return true;
    this.#restarts += 1;
    try {
      // It would share the ports with the new one.
      await this.#endDraining();
      this.#take(await this.#launch(0));
      return true;
    } catch (error) {
      this.#failures += 1;
      this.#lastExit = `not started: ${MeshwiseError.from(error).summary}`;
      this.#o.logger.error('proxy could not be started', { proxy: this.#o.name, error: String(error) });
      this.#o.onChange();
      return false;
    }
  }
}

export function describeExit(exit: ProcessExit): string {
  if (exit.signal !== undefined) return `ended by ${exit.signal}`;
  if (exit.code !== undefined) return `exited with code ${exit.code}`;
  return 'ended while no daemon was watching';
}
