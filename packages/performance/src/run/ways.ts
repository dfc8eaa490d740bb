import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { startLoad } from '@meshwise/load/node';
import type { PathVariant } from '../record/run-record.ts';
import type { PreparedExperiment, PreparedRun } from './ports.ts';
import { WorkerPool } from './worker-pool.ts';

/** Long enough for the compiler to have seen every path a request takes, and for proxies to have their connections. */
const WARM_UP_MS = 5_000;

export interface Way {
  readonly prepared: PreparedRun;
  readonly pool: WorkerPool;
}

/** The ways of an experiment, each with workers of its own that live as long as it does. */
export class Ways {
  readonly #prepared: PreparedExperiment;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #ways = new Map<PathVariant, Way>();

  constructor(prepared: PreparedExperiment, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#prepared = prepared;
    this.#clock = clock;
    this.#logger = logger;
  }

  async prepare(): Promise<void> {
    for (const variant of this.#prepared.variants) {
      const prepared = await this.#prepared.prepare(variant);
      this.#ways.set(variant, { prepared, pool: new WorkerPool(prepared.launch) });
    }
  }

  get(variant: PathVariant): Way {
    const way = this.#ways.get(variant);
    if (way === undefined) throw new MeshwiseError('MW0001', `the way ${variant} was not prepared`);
    return way;
  }

  /** A block whose result nobody sees. What is wrong with it will be wrong with the first that counts, and is said there. */
  warm(variant: PathVariant): { stop(reason: string): void; readonly done: Promise<unknown> } {
    const { prepared, pool } = this.get(variant);
    const load = startLoad(prepared.plan, { launch: pool.launch, clock: this.#clock, onIntervals: () => {} });
    const cancel = this.#clock.after(WARM_UP_MS, () => load.stop('warm'));
    const done = load.done.catch(() => {}).finally(cancel);
    return { stop: (reason) => load.stop(reason), done };
  }

  /** Takes away everything that was made for the blocks. */
  async close(): Promise<void> {
    for (const { prepared, pool } of this.#ways.values()) {
      await pool.close();
      await prepared.release().catch((error: unknown) => {
        this.#logger.warn('what was made for a block could not be taken away', { error });
      });
    }
  }
}
