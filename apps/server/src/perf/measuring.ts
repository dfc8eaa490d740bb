import type { RunPlanResponse, RunRequest, RunStarted } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { LiveRun, ResultRepository } from '@meshwise/performance';
import { RunService } from '@meshwise/performance/node';
import { openResultStore } from '@meshwise/store';
import { loadPods, type MeasuringContext } from './context.ts';
import { removeStrayLoadPods } from './load-pod.ts';
import { prepareExperiment } from './prepare-experiment.ts';
import { prepareRun } from './prepare-run.ts';

interface Opened {
  readonly repository: ResultRepository;
  readonly runs: RunService;
}

/**
 * Load tests of this mesh. Where results are kept may not be usable: the mesh runs all the same, every use of this says so
 * (MW8102), and each tries again.
 */
export class Measuring {
  readonly #context: MeasuringContext;
  readonly #listeners = new Set<(runs: readonly LiveRun[]) => void>();
  #opening: Promise<Opened> | undefined;
  #opened: Opened | undefined;
  #failure: MeshwiseError | undefined;

  constructor(context: MeasuringContext) {
    this.#context = context;
  }

  /**
   * Takes up what earlier daemons left: results in journals, pods of load tests. Does not wait for the store, which may be a database
   * somewhere else. Never rejects.
   */
  async start(): Promise<void> {
    const { logger } = this.#context;
    this.#open().catch((error: unknown) =>
      logger.error('results of load tests cannot be kept', { error: String(error) }),
    );
    await removeStrayLoadPods(loadPods(this.#context)).catch((error: unknown) =>
      logger.warn('pods of earlier load tests not removed', { error: String(error) }),
    );
  }

  /** Why results cannot be kept; undefined when they can. */
  get failure(): MeshwiseError | undefined {
    return this.#failure;
  }

  async repository(): Promise<ResultRepository> {
    return (await this.#open()).repository;
  }

  async plan(request: RunRequest): Promise<RunPlanResponse> {
    const { prepared, warnings, unreachable } = await this.#prepare(request);
    const { words, command } = prepared;
    const busy = this.live().map(({ name }) => `“${name}” runs now, and only one can.`);
    return { words: [...words], command, warnings: [...warnings, ...busy], unreachable: await unreachable() };
  }

  /** Rejects with MW8003 when the target does not answer, and as `RunService.start` does. */
  async begin(request: RunRequest): Promise<RunStarted> {
    const { runs } = await this.#open();
    const preparation = await this.#prepare(request);
    const reason = await preparation.unreachable();
    if (reason !== null) throw new MeshwiseError('MW8003', reason);
    if ('variants' in preparation.prepared) {
      const { id } = await runs.startExperiment(preparation.prepared);
      return { runId: null, experimentId: id };
    }
    const { id } = await runs.start(preparation.prepared);
    return { runId: id, experimentId: null };
  }

  /** False when nothing of this id runs. */
  async stop(id: string, reason: string): Promise<boolean> {
    return (await this.#open()).runs.stop(id, reason);
  }

  /** Resolves when nothing of this id runs any more, and nothing of it will come into the store. */
  async forget(id: string): Promise<void> {
    const { runs } = await this.#open();
    if (await runs.stop(id, 'deleted by the user')) await runs.ended(id).catch(() => undefined);
    await runs.discard(id);
  }

  live(): readonly LiveRun[] {
    return this.#opened?.runs.live() ?? [];
  }

  /** Tells of the runs that go on, twice a second while there are any and once more at the end. */
  subscribe(listener: (runs: readonly LiveRun[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops what runs and keeps what was measured. */
  async close(reason: string): Promise<void> {
    await this.#opened?.runs.close(reason);
    await this.#opened?.repository.close();
  }

  #prepare(request: RunRequest) {
    return request.compareMesh === undefined
      ? prepareRun(request, this.#context)
      : prepareExperiment(request, this.#context);
  }

  #open(): Promise<Opened> {
    this.#opening ??= this.#openNow().catch((error: unknown) => {
      this.#opening = undefined;
      this.#failure = MeshwiseError.from(error);
      throw this.#failure;
    });
    return this.#opening;
  }

  async #openNow(): Promise<Opened> {
    const { home, clock, logger, random, databaseUrl } = this.#context;
    const repository = await openResultStore({ url: databaseUrl, directory: home.path, clock, logger });
    const runs = new RunService({ repository, directory: home.runs, clock, logger, random });
    runs.onChange(() => {
      for (const listener of this.#listeners) listener(runs.live());
    });
    await runs.recover().catch(async (error: unknown) => {
      await repository.close();
      throw error;
    });
    this.#failure = undefined;
    this.#opened = { repository, runs };
    return this.#opened;
  }
}
