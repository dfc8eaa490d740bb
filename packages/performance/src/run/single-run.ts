import type { Clock } from '@meshwise/core';
import type { Interval, LaunchWorker } from '@meshwise/load';
import type { LiveRun } from '../record/live.ts';
import type { RunRecord } from '../record/run-record.ts';
import { concludeRun } from './conclude.ts';
import { Journal } from './journal.ts';
import { keep } from './keep.ts';
import { LiveView } from './live-view.ts';
import { Measurement } from './measure.ts';
import type { PreparedRun } from './ports.ts';
import type { Result } from './result.ts';
import { type RunContext, sentence, timeText } from './run-context.ts';

export interface SingleRunOptions {
  readonly prepared: PreparedRun;
  /** Instead of the one that was prepared. */
  readonly launch?: LaunchWorker;
  /** As whom it shows itself while it runs, when not as itself. */
  readonly shownAs?: { readonly id: string; readonly name: string; readonly step: string };
}

export interface RunResult extends Result<RunRecord> {
  readonly intervals: readonly Interval[];
}

/** A run from its first request to its result in the store. */
export class SingleRun {
  readonly done: Promise<RunResult>;
  readonly #clock: Clock;
  readonly #view: LiveView;
  readonly #measurement: Measurement;

  /** Writes down that the run begins, here and in the store, and begins. Rejects with MW8102, and no request is sent. */
  static async begin(context: RunContext, record: RunRecord, options: SingleRunOptions): Promise<SingleRun> {
    const { sharesCoresWithTarget } = options.prepared;
    const head = { owner: context.owner, run: record, sharesCoresWithTarget };
    const journal = await Journal.create(context.directory, record.id, head);
    try {
      await context.repository.putRun(record);
    } catch (error) {
      await journal.remove();
      throw error;
    }
    return new SingleRun(context, journal, record, options);
  }

  private constructor(context: RunContext, journal: Journal, record: RunRecord, options: SingleRunOptions) {
    const { prepared, launch = prepared.launch, shownAs } = options;
    const { plan, use } = prepared;
    const { clock } = context;
    this.#clock = clock;
    this.#view = new LiveView({ ...(shownAs ?? { id: record.id, name: record.name, step: null }), plan });
    this.#measurement = new Measurement({ plan, launch, use, clock, view: this.#view, journal });
    this.done = this.#finish(context, journal, record, prepared.sharesCoresWithTarget);
  }

  live(): LiveRun {
    return this.#view.snapshot(this.#clock.monotonicMs());
  }

  /** What was measured until then is kept. */
  stop(reason: string): void {
    this.#measurement.stop(reason);
  }

  async #finish(
    context: RunContext,
    journal: Journal,
    record: RunRecord,
    sharesCoresWithTarget: boolean | null,
  ): Promise<RunResult> {
    const { log, outcome, note } = await this.#measurement.done;
    await journal.flush();
    const gap = journal.failure && sentence(`The journal could not be written: ${journal.failure}`);
    const endedAt = timeText(this.#clock.nowMs());
    const ended = concludeRun(record, { log, outcome, endedAt, sharesCoresWithTarget, notes: [note, gap] });
    journal.append({ end: ended });
    const { intervals } = log;
    await journal.flush();
    const kept = await keep(context, journal, ended, (one) => context.repository.finishRun(one, intervals));
    return { ...kept, intervals };
  }
}
