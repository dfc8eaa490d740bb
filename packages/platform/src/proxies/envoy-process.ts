import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { describeExit } from '../process/describe-exit.ts';
import type { ProcessExit } from '../process/process-host.ts';
import { readiness } from './admin.ts';
import { backOffMs } from './back-off.ts';
import { abandon, type Running, socketsOf, steer, untilLeft, untilLive } from './hand-over.ts';
import { HotRestartVersions, programOf } from './hot-restart-version.ts';
import {
  baseIdPath,
  type EnvoyLaunchOptions,
  type Generation,
  type LaunchedEnvoy,
  launchEnvoy,
  launchedEnvoys,
} from './launch-envoy.ts';
import { ReadyWatch } from './ready-watch.ts';
import { removeAllSharedMemory, removeSharedMemory } from './shared-memory.ts';

export interface EnvoyProcessOptions extends EnvoyLaunchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
  /** Shared, so that each program is asked once. */
  readonly versions?: HotRestartVersions;
}

export interface EnvoyProcessState {
  readonly process: 'running' | 'restarting' | 'stopped';
  readonly pid: number | undefined;
  readonly restarts: number;
  readonly lastExit: string | undefined;
}

const RESTART_BASE_MS = 100;
const RESTART_CAP_MS = 10_000;
const AFRESH: Generation = { family: 0, epoch: 0 };
/** A proxy that ran this long has not failed in a row. */
const STABLE_MS = 60_000;
const STOP_GRACE_MS = 2_000;

/**
 * One Envoy, kept running.
 *
 * Crash: a new one starts after a back-off that grows to ten seconds. Restart on purpose: Envoy's hot restart, where the
 * new process takes over the listening sockets of the old one, which finishes its requests and leaves; for that each
 * proxy has a base id of its own, chosen by Envoy and kept in a file. Where the two Envoys cannot do that, the new one starts
 * beside the old one and shares its ports (SO_REUSEPORT, Envoy's default) until that has drained. Starts, restarts and the
 * end are done one at a time.
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
  readonly #versions: HotRestartVersions;
  #isHandingOver = false;
  #left = false;

  constructor(options: EnvoyProcessOptions) {
    this.#o = options;
    this.#versions = options.versions ?? new HotRestartVersions();
    // While another process starts, its administration interface answers for it, and the one that runs is as ready as it was.
    const ask = async () => {
      if (this.#current === undefined) return false;
      const answer = this.#isHandingOver ? undefined : await readiness(options.adminSocketPath);
      return this.#isHandingOver ? undefined : answer;
    };
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
      if (newest === undefined) return this.#take(await this.#launch(AFRESH));
      for (const running of older) this.#draining.add(running);
      this.#take(before ?? newest);
      if (before === undefined) return;
      // The daemon before this one went in the middle of a restart.
      this.#inTurn(() => this.#settle(async () => newest, before)).catch((error: unknown) =>
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
      await this.#settle(() => this.#launchAfter(old), old);
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
      await removeAllSharedMemory(this.#o.directory);
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

  async #launch(generation: Generation): Promise<Running> {
    return this.#running(await launchEnvoy(this.#o, generation));
  }

  async #launchAfter(old: Running): Promise<Running> {
    const { handle, family, epoch } = old;
    if (await this.#versions.agree(programOf(handle.pid), this.#o.envoyPath)) {
      return this.#launch({ family, epoch: epoch + 1 });
    }
    await socketsOf(this.#o).keep();
    // The new one binds its UDP sockets long before it reads them.
    await steer(old, this.#o, 0);
    return this.#launch({ family: family + 1, epoch: 0 });
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

  /** Waits for the next one to be live and for `old`, whose place it takes, to leave; ends the one that does not do its part. */
  async #settle(launch: () => Promise<Running>, old: Running): Promise<void> {
    const next = await this.#untilTaken(launch, old);
    if (next === undefined) return;
    await untilLeft(next, old, this.#o, this.#ending.signal);
    if (this.#left) return;
    if (this.#draining.has(old)) await this.#o.host.stop(old.handle, STOP_GRACE_MS);
    if (next.family === old.family) return;
    await steer(next, this.#o);
    await socketsOf(this.#o).drop();
    await removeSharedMemory(baseIdPath(this.#o, old));
  }

  async #untilTaken(launch: () => Promise<Running>, old: Running): Promise<Running | undefined> {
    this.#isHandingOver = true;
    try {
      const next = await launch();
      const outcome = await untilLive(next, this.#o, this.#ending.signal);
      if (this.#left) return undefined;
      if (outcome !== 'yes') {
        const reason = await abandon(next, outcome, this.#o);
        if (next.family !== old.family) await steer(old, this.#o);
        this.#lastExit = `replacement failed: ${reason}`;
        throw new MeshwiseError('MW3202', `the new process of proxy ${this.#o.name} did not take over: ${reason}`, {
          advice: `See ${this.#o.logPath}. The process before goes on.`,
        });
      }
      this.#restarts += 1;
      if (this.#current === old) this.#draining.add(old);
      this.#take(next);
      return next;
    } finally {
      this.#isHandingOver = false;
    }
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
      this.#take(await this.#launch(AFRESH));
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
