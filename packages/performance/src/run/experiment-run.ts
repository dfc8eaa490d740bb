import { MeshwiseError } from '@meshwise/core';
import type { ExperimentRecord, OverheadReport } from '../record/experiment-record.ts';
import type { LiveRun } from '../record/live.ts';
import type { PathVariant, RunState } from '../record/run-record.ts';
import type { OverheadBlock } from '../statistics/overhead-block.ts';
import { VARIANT_WORDS } from '../statistics/overhead-text.ts';
import { seededRandom } from '../statistics/random.ts';
import { reportBlock, reportOn } from './experiment-report.ts';
import { Journal } from './journal.ts';
import { keep } from './keep.ts';
import { LiveView } from './live-view.ts';
import { newRunRecord } from './new-records.ts';
import type { PreparedExperiment } from './ports.ts';
import type { Result, Unstored } from './result.ts';
import { type RunContext, sentence, timeText } from './run-context.ts';
import { SingleRun } from './single-run.ts';
import { Ways } from './ways.ts';

/** What fails twice in a row will fail again, and every round takes its time. */
const MOST_FAILURES = 2;

/**
 * The same load by several ways: every way once to warm up, then round by round, in each round every way once. The order within a
 * round is drawn anew, so that what repeats on this machine does not always meet the same way (randomised complete blocks).
 *
 * A block that does not come to its end is kept, and the rest of its round is not run: differences are taken within rounds, so a round
 * with a gap is worth nothing to the report.
 */
export class ExperimentRun {
  readonly done: Promise<Result<ExperimentRecord>>;
  readonly #context: RunContext;
  readonly #prepared: PreparedExperiment;
  readonly #journal: Journal;
  readonly #ways: Ways;
  readonly #blocks: OverheadBlock[] = [];
  readonly #unstored: Unstored[] = [];
  #record: ExperimentRecord;
  #shown: { live(): LiveRun };
  #current: { stop(reason: string): void } | undefined;
  #stopReason: string | undefined;

  /** As `SingleRun.begin`. */
  static async begin(
    context: RunContext,
    record: ExperimentRecord,
    prepared: PreparedExperiment,
  ): Promise<ExperimentRun> {
    const head = { owner: context.owner, experiment: record, notes: prepared.notes };
    const journal = await Journal.create(context.directory, record.id, head);
    try {
      await context.repository.putExperiment(record);
    } catch (error) {
      await journal.remove();
      throw error;
    }
    return new ExperimentRun(context, journal, record, prepared);
  }

  private constructor(context: RunContext, journal: Journal, record: ExperimentRecord, prepared: PreparedExperiment) {
    this.#context = context;
    this.#journal = journal;
    this.#record = record;
    this.#prepared = prepared;
    this.#ways = new Ways(prepared, context);
    this.#shown = this.#idle('preparing');
    this.done = this.#conduct();
  }

  live(): LiveRun {
    return this.#shown.live();
  }

  /** Finished rounds are kept and reported on. */
  stop(reason: string): void {
    this.#stopReason ??= reason;
    this.#current?.stop(reason);
  }

  async #conduct(): Promise<Result<ExperimentRecord>> {
    let failure: string | undefined;
    try {
      await this.#ways.prepare();
      await this.#warmUp();
      failure = await this.#runRounds();
    } catch (error) {
      failure = MeshwiseError.from(error).summary;
    } finally {
      await this.#ways.close();
    }
    return this.#finish(failure);
  }

  async #warmUp(): Promise<void> {
    for (const variant of this.#prepared.variants) {
      if (this.#stopReason !== undefined) return;
      this.#shown = this.#idle(`warming up: ${VARIANT_WORDS[variant]}`);
      const warming = this.#ways.warm(variant);
      this.#current = warming;
      await warming.done;
    }
  }

  /** The reason when it was given up. */
  async #runRounds(): Promise<string | undefined> {
    const { rounds, seed, variants } = this.#prepared;
    const random = seededRandom(seed);
    let failures = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const failure = await this.#runRound(round, shuffled(variants, random));
      if (this.#stopReason !== undefined) return undefined;
      failures = failure === undefined ? 0 : failures + 1;
      if (failures === MOST_FAILURES) return `${failures} rounds in a row failed, the last one so: ${failure}`;
    }
    return undefined;
  }

  /** The reason when a block did not come to its end. */
  async #runRound(round: number, order: readonly PathVariant[]): Promise<string | undefined> {
    for (const [index, variant] of order.entries()) {
      if (this.#stopReason !== undefined) return undefined;
      const number = (round - 1) * order.length + index + 1;
      const failure = await this.#runBlock(round, variant, number);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  async #runBlock(round: number, variant: PathVariant, number: number): Promise<string | undefined> {
    const { id, name, variants, rounds } = this.#record;
    const step = `block ${number} of ${rounds * variants.length}: ${VARIANT_WORDS[variant]}`;
    const way = this.#ways.get(variant);
    const record = newRunRecord(this.#context, way.prepared, { id, round, variant });
    const block = await SingleRun.begin(this.#context, record, {
      prepared: way.prepared,
      launch: way.pool.launch,
      shownAs: { id, name, step },
    });
    this.#shown = this.#current = block;
    if (this.#stopReason !== undefined) block.stop(this.#stopReason);
    const place = { round, variant };
    await this.#update({ blocks: [...this.#record.blocks, { ...place, runId: record.id }] });
    const result = await block.done;
    this.#unstored.push(...result.unstored);
    const measured = reportBlock(this.#record, place, result.record, result.intervals);
    if (measured === undefined) return result.record.note ?? result.record.state;
    this.#blocks.push(measured);
    return undefined;
  }

  /** That the store does not take what is between is no reason to end: the journal has it, and the end is stored again. */
  async #update(change: Partial<ExperimentRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    this.#journal.append({ experiment: this.#record });
    const { repository, logger } = this.#context;
    await repository.putExperiment(this.#record).catch((error: unknown) => {
      logger.warn('an experiment could not be stored', { id: this.#record.id, error });
    });
  }

  async #finish(failure: string | undefined): Promise<Result<ExperimentRecord>> {
    const { clock, repository } = this.#context;
    const report = reportOn(this.#record, this.#blocks, this.#prepared.notes);
    const reason = this.#stopReason ?? failure;
    const ended: ExperimentRecord = {
      ...this.#record,
      state: this.#stopReason === undefined ? stateOf(report, failure) : 'stopped',
      note: reason === undefined ? null : sentence(reason),
      endedAt: timeText(clock.nowMs()),
      report,
    };
    this.#journal.append({ experiment: ended });
    await this.#journal.flush();
    const kept = await keep(this.#context, this.#journal, ended, (one) => repository.putExperiment(one));
    return { record: kept.record, unstored: [...this.#unstored, ...kept.unstored] };
  }

  #idle(step: string): { live(): LiveRun } {
    const view = new LiveView({ id: this.#record.id, name: this.#record.name, step });
    return { live: () => view.snapshot(this.#context.clock.monotonicMs()) };
  }
}

function stateOf(report: OverheadReport | null, failure: string | undefined): RunState {
  if (report === null) return 'failed';
  return failure === undefined ? 'finished' : 'partial';
}

/** In an order in which each is as likely as any other (Fisher and Yates). */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Math.floor(random() * left.length), 1));
}
