import { type Clock, MeshwiseError } from '@meshwise/core';
import type { LaunchWorker, LoadOutcome, LoadPlan } from '@meshwise/load';
import { type LoadRunHandle, startLoad } from '@meshwise/load/node';
import { GeneratorMemory } from './generator-use.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { LiveView } from './live-view.ts';
import type { UseProbe } from './ports.ts';
import { RunLog } from './run-log.ts';
import { UseWatch } from './use-watch.ts';

export interface MeasureOptions {
  readonly plan: LoadPlan;
  readonly launch: LaunchWorker;
  readonly use: UseProbe;
  readonly clock: Clock;
  readonly view: LiveView;
  /** Gets everything as it comes. */
  readonly journal: Journal;
}

export interface Measured {
  readonly log: RunLog;
  readonly outcome: LoadOutcome;
  /** What could not be measured of what everyone used. */
  readonly note: string | undefined;
}

/** One plan that is run and watched. What comes in goes to the log, the journal and the live view, in this order. */
export class Measurement {
  readonly done: Promise<Measured>;
  readonly #load: LoadRunHandle;

  constructor(options: MeasureOptions) {
    const { plan, clock, view, journal } = options;
    const begunMs = clock.monotonicMs();
    const log = new RunLog();
    const enter = (entry: JournalEntry) => {
      log.add(entry);
      journal.append(entry);
    };
    const memory = new GeneratorMemory();
    const watch = new UseWatch({
      probe: memory.beside(options.use),
      clock,
      onReadings: (atMs, readings) => enter({ atMs: atMs - begunMs, readings }),
    });
    this.#load = startLoad(plan, {
      launch: memory.watching(options.launch),
      clock,
      onIntervals: (intervals) => {
        enter({ atMs: clock.monotonicMs() - begunMs, intervals });
        view.add(intervals);
      },
      onState: (phase) => {
        view.enter(phase, clock.monotonicMs());
        // Both ends of the measured time; what is read once a second may miss them by a second.
        if (phase === 'measuring' || phase === 'ending') void watch.read();
      },
    });
    this.done = this.#finish(plan, log, watch);
  }

  /** What was measured until then is kept. */
  stop(reason: string): void {
    this.#load.stop(reason);
  }

  async #finish(plan: LoadPlan, log: RunLog, watch: UseWatch): Promise<Measured> {
    const outcome = await this.#load.done.catch(
      (error: unknown): LoadOutcome => ({
        outcome: 'failed',
        reason: MeshwiseError.from(error).summary,
        clockResolutionNs: 0,
        workers: plan.workers,
      }),
    );
    await watch.stop();
    return { log, outcome, note: watch.note };
  }
}
