import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { LiveRun } from '../record/live.ts';
import type { ResultRepository } from '../record/repository.ts';
import type { RunRecord } from '../record/run-record.ts';
import { ExperimentRun } from './experiment-run.ts';
import { LiveTicker } from './live-ticker.ts';
import { newExperimentRecord, newRunRecord } from './new-records.ts';
import { thisProcess } from './owner.ts';
import type { PreparedExperiment, PreparedRun } from './ports.ts';
import { recoverJournals } from './recover.ts';
import type { Result, Unstored } from './result.ts';
import type { RunContext } from './run-context.ts';
import { SingleRun } from './single-run.ts';

export interface RunServiceOptions {
  readonly repository: ResultRepository;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the journals; made, for its owner alone, when it is needed. Processes may share it. */
  readonly directory: string;
  /** In [0, 1). */
  readonly random?: () => number;
  /** What to call this process when it has gone: `daemon` by default. */
  readonly owner?: string;
  /** Measurements at once: one by default, since each would be in the figures of the others. */
  readonly atOnce?: number;
}

/** Often enough for a disk that was made room on, and seldom enough for a database that is away for a night. */
const RETRY_MS = 30_000;

type AnyRecord = RunRecord | ExperimentRecord;

interface Active {
  live(): LiveRun;
  stop(reason: string): void;
  readonly done: Promise<Result<AnyRecord>>;
}

/**
 * Runs what was prepared, keeps what comes of it, and shows what goes on.
 *
 * More than `atOnce` are refused and not queued: load that begins by itself some time later meets a mesh, and people, that nobody asked
 * any more.
 */
export class RunService {
  readonly #context: RunContext;
  readonly #atOnce: number;
  readonly #active = new Map<string, Active>();
  readonly #ended = new Map<string, Promise<AnyRecord>>();
  readonly #unstored = new Map<string, Unstored>();
  readonly #ticker: LiveTicker;
  readonly #beginning = new Set<Promise<unknown>>();
  #cancelRetry: (() => void) | undefined;
  #isClosed = false;

  constructor({ owner = 'daemon', random = Math.random, atOnce = 1, ...options }: RunServiceOptions) {
    this.#context = { ...options, random, owner: thisProcess(owner) };
    this.#atOnce = atOnce;
    this.#ticker = new LiveTicker(options.clock, () => this.#active.size > 0);
  }

  /** Resolves when the run is written down and begins. Rejects with MW8008 when it has to wait, MW8102 when nothing can be kept. */
  start(prepared: PreparedRun): Promise<{ readonly id: string }> {
    return this.#begin(prepared, () => {
      const record = newRunRecord(this.#context, prepared);
      return { id: record.id, active: SingleRun.begin(this.#context, record, { prepared }) };
    });
  }

  /** As `start`. Its blocks are runs of their own, which `live` does not show by themselves. */
  startExperiment(prepared: PreparedExperiment): Promise<{ readonly id: string }> {
    return this.#begin(prepared, () => {
      const record = newExperimentRecord(this.#context, prepared);
      return { id: record.id, active: ExperimentRun.begin(this.#context, record, prepared) };
    });
  }

  /** What was measured until then is kept. False when nothing of this id is running here. */
  async stop(id: string, reason: string): Promise<boolean> {
    const active = this.#active.get(id);
    active?.stop(reason);
    return active !== undefined;
  }

  live(): readonly LiveRun[] {
    return [...this.#active.values()].map((active) => active.live());
  }

  /** Calls back about twice a second as long as something runs, and once more when it has ended. The returned function ends that. */
  onChange(listener: () => void): () => void {
    return this.#ticker.subscribe(listener);
  }

  /** The record, when the run has ended and is stored, or cannot be: then its note says so. MW8101 when nothing of this id ran here. */
  async ended(id: string): Promise<RunRecord | ExperimentRecord> {
    const { repository } = this.#context;
    const record = (await this.#ended.get(id)) ?? (await repository.getRun(id)) ?? (await repository.getExperiment(id));
    if (record === undefined || record.state === 'running') {
      throw new MeshwiseError('MW8101', 'nothing of this id ran here', { found: id });
    }
    return record;
  }

  /** Why results of this service are not in the store; empty when all are. */
  unstored(): readonly Unstored[] {
    return [...this.#unstored.values()];
  }

  /** Gives up a result that is not in the store, so that it does not come back after it was deleted. */
  async discard(id: string): Promise<void> {
    await this.#unstored.get(id)?.discard();
    this.#unstored.delete(id);
    this.#ended.delete(id);
  }

  /** Stores what processes that have gone left behind, and what the store did not take before. Resolves to the ids. */
  async recover(): Promise<readonly string[]> {
    const stored = await this.#storeUnstored();
    return [...stored, ...(await recoverJournals(this.#context))];
  }

  /** Stops what runs, waits for its result, and starts nothing any more. */
  async close(reason: string): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry?.();
    await Promise.allSettled(this.#beginning);
    for (const active of this.#active.values()) active.stop(reason);
    await Promise.allSettled([...this.#active.keys()].map((id) => this.#ended.get(id)));
  }

  async #begin(
    prepared: PreparedRun | PreparedExperiment,
    begin: () => { readonly id: string; readonly active: Promise<Active> },
  ): Promise<{ readonly id: string }> {
    try {
      this.#admit();
      const { id, active } = begin();
      this.#beginning.add(active);
      try {
        this.#add(id, await active, prepared);
      } finally {
        this.#beginning.delete(active);
      }
      return { id };
    } catch (error) {
      await this.#release(prepared);
      throw error;
    }
  }

  #admit(): void {
    if (this.#isClosed) throw new MeshwiseError('MW8008', 'measuring is coming to its end here');
    if (this.#active.size + this.#beginning.size < this.#atOnce) return;
    const names = this.live().map(({ id, name, step }) => `${name} (${id}${step === null ? '' : `, ${step}`})`);
    throw new MeshwiseError('MW8008', `${names.join(', ') || 'another measurement'} is running`);
  }

  #add(id: string, active: Active, prepared: PreparedRun | PreparedExperiment): void {
    this.#active.set(id, active);
    const ended = this.#finish(id, active, prepared);
    ended.catch((error: unknown) => this.#context.logger.error('a measurement has no result', { id, error }));
    this.#ended.set(id, ended);
    this.#ticker.start();
  }

  async #finish(id: string, active: Active, prepared: PreparedRun | PreparedExperiment): Promise<AnyRecord> {
    try {
      const { record, unstored } = await active.done;
      for (const one of unstored) this.#unstored.set(one.id, one);
      if (unstored.length === 0) this.#ended.delete(id);
      else this.#retryLater();
      return record;
    } finally {
      await this.#release(prepared);
      this.#active.delete(id);
      this.#ticker.tick();
    }
  }

  /** Tries again by itself: nobody would ask for it as long as this process lives, and its journals are left alone by others. */
  #retryLater(): void {
    if (this.#cancelRetry !== undefined || this.#isClosed) return;
    this.#cancelRetry = this.#context.clock.after(RETRY_MS, async () => {
      await this.#storeUnstored();
      this.#cancelRetry = undefined;
      if (this.#unstored.size > 0) this.#retryLater();
    });
  }

  async #storeUnstored(): Promise<string[]> {
    const stored: string[] = [];
    for (const { id, retry } of this.unstored()) {
      try {
        await retry();
        this.#unstored.delete(id);
        this.#ended.delete(id);
        stored.push(id);
      } catch (error) {
        this.#context.logger.warn('a result could still not be stored', { id, error });
        // A block of an experiment that was deleted has nowhere to go to any more.
        if (MeshwiseError.from(error).code === 'MW8101') await this.discard(id);
      }
    }
    return stored;
  }

  async #release({ name, release }: PreparedRun | PreparedExperiment): Promise<void> {
    await release().catch((error: unknown) => {
      this.#context.logger.warn('what was made for a measurement could not be taken away', { name, error });
    });
  }
}
