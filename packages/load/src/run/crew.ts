import { fileURLToPath } from 'node:url';
import { type Clock, MeshwiseError } from '@meshwise/core';
import { systemTimeSource } from '../engine/time-source.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { Interval } from '../result/interval.ts';
import type { LaunchWorker } from './contract.ts';
import { KILL_WAIT_MS, messagesAtMost, START_LEAD_MS, STOP_GRACE_MS } from './limits.ts';
import { within } from './within.ts';
import { type LinkEnd, WorkerLink } from './worker-link.ts';

export type BadEnd = Exclude<LinkEnd, { readonly how: 'done' }>;

export interface CrewOptions {
  readonly plan: LoadPlan;
  readonly launch: LaunchWorker;
  readonly clock: Clock;
  /** Of any worker, as it comes. */
  readonly onInterval: (interval: Interval) => void;
  /** Called for each worker that did not come to its end by itself. */
  readonly onBadEnd: (end: BadEnd) => void;
}

/** The program that every worker process runs, and which speaks as `contract.ts` says. */
const PROGRAM = [process.execPath, fileURLToPath(new URL('../engine/worker.ts', import.meta.url))];

/** The workers of one run. Whatever was started ends with `dismiss`, also what comes into being after it. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #links: WorkerLink[] = [];
  #isDismissed = false;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Starts the workers and resolves when all are ready; pending for ever when one ends before that. */
  async assemble(): Promise<void> {
    const count = this.#options.plan.workers;
    const links = await Promise.all(Array.from({ length: count }, (_, index) => this.#add({ index, count })));
    await Promise.all(links.map((link) => link.ready));
  }

  /** Tells all to begin at one moment, which is far enough ahead for each to hear of it before. */
  start(): void {
    const atNs = systemTimeSource.nowNs() + START_LEAD_MS * 1e6;
    for (const link of this.#links) link.start(atNs);
  }

  /** Resolves when every worker has come to its end, good or bad. */
  async ended(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.ended));
  }

  /** Asks all that are still at work to stop, gives them time to say what they measured last, and leaves none. */
  async dismiss(): Promise<void> {
    const { clock } = this.#options;
    this.#isDismissed = true;
    for (const link of this.#links) link.stop();
    await within(clock, STOP_GRACE_MS, this.ended());
    for (const link of this.#links) link.kill();
    await within(clock, KILL_WAIT_MS, Promise.all(this.#links.map((link) => link.exited)));
  }

  /** The coarsest of all. */
  get clockResolutionNs(): number {
    return Math.max(0, ...this.#links.map((link) => link.clockResolutionNs));
  }

  async #add(shard: { readonly index: number; readonly count: number }): Promise<WorkerLink> {
    const { plan, launch, onInterval, onBadEnd } = this.#options;
    const process = await launch({ argv: PROGRAM }).catch((cause: unknown) => {
      const { summary } = MeshwiseError.from(cause);
      throw new MeshwiseError('MW8005', `a worker could not be started: ${summary}`, {}, { cause });
    });
    const link = new WorkerLink(process, { shard, maxMessages: messagesAtMost(plan), onInterval });
    this.#links.push(link);
    if (this.#isDismissed) link.kill();
    link.ended.then((end) => {
      if (end.how !== 'done') onBadEnd(end);
    });
    link.run(plan);
    return link;
  }
}
