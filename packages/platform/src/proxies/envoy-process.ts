import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { describeExit } from '../process/describe-exit.ts';
import type { ProcessExit } from '../process/process-host.ts';
import { readiness } from './admin.ts';
import { backOffMs } from './back-off.ts';
import { abandon, type Running, untilLeft, untilLive } from './hand-over.ts';
import {
  baseIdPath,
  type EnvoyLaunchOptions,
  type LaunchedEnvoy,
  launchEnvoy,
  launchedEnvoys,
} from './launch-envoy.ts';
import { ReadyWatch } from './ready-watch.ts';
import { removeSharedMemory } from './shared-memory.ts';

export interface EnvoyProcessOptions extends EnvoyLaunchOptions {
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
const STOP_GRACE_MS = 2_000;

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
      const [newest, before, ...older] = launchedEnvoys(this.#o).map((launched) => this.#running(launched));
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
      await removeSharedMemory(baseIdPath(this.#o));
    });
  }

  get #stopped(): boolean {
    return this.#ending.signal.aborted;
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #launch(epoch: number): Promise<Running> {
    return this.#running(await launchEnvoy(this.#o, epoch));
  }

  #running(launched: LaunchedEnvoy): Running {
    const running: Running = { ...launched, startedMs: this.#o.clock.monotonicMs(), exit: undefined };
    const { handle } = running;
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
    const { signal } = this.#ending;
    const outcome = await untilLive(next, this.#o, signal);
    if (this.#left) return;
    if (outcome !== 'yes') {
      const reason = await abandon(next, outcome, this.#o);
      this.#lastExit = `replacement failed: ${reason}`;
      throw new MeshwiseError('MW3202', `the new process of proxy ${this.#o.name} did not take over: ${reason}`, {
        advice: `See ${this.#o.logPath}. The process before goes on.`,
      });
    }
    this.#restarts += 1;
    if (this.#current === old) this.#draining.add(old);
    this.#take(next);
    await untilLeft(next, () => !this.#draining.has(old), this.#o, signal);
    if (!this.#left && this.#draining.has(old)) await this.#o.host.stop(old.handle, STOP_GRACE_MS);
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
