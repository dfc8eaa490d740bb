import type { Interval } from '@meshwise/load';
import { FoldedIntervals } from './folded-intervals.ts';
import type { JournalEntry } from './journal.ts';
import type { TimedReadings, Window } from './use-records.ts';

export interface RunLogLimits {
  /** Numbers in all histograms: at about ten bytes each. */
  readonly mostNumbers: number;
  /** Of one participant at one moment: at about a hundred bytes each. */
  readonly mostReadings: number;
}

/** Some hundred megabytes in all. Ten minutes at 2,000 requests per second keep every second, a day has steps of some minutes. */
const LIMITS: RunLogLimits = { mostNumbers: 4_000_000, mostReadings: 500_000 };
/** More than a day, the longest that a plan can be. */
const MOST_STEP_SECONDS = 131_072;

/**
 * All that was measured in a run, from what came in: the same while it goes on and when a journal is read afterwards.
 *
 * A day of load second by second takes more memory than this process has, and it is the process that runs the mesh. So a long run
 * loses detail, and never a request: histograms are kept for steps of more and more seconds, and of the readings, which are of
 * counters, every second one is given up.
 */
export class RunLog {
  readonly #limits: RunLogLimits;
  readonly #folded = new FoldedIntervals();
  #readings: TimedReadings[] = [];
  #startMs = Number.POSITIVE_INFINITY;
  #measuredMs = 0;
  #readingCount = 0;

  constructor(limits: RunLogLimits = LIMITS) {
    this.#limits = limits;
  }

  add(entry: JournalEntry): void {
    if ('readings' in entry) this.#addReadings(entry);
    if ('intervals' in entry) for (const interval of entry.intervals) this.#addInterval(entry.atMs, interval);
  }

  get intervals(): readonly Interval[] {
    return this.#folded.intervals;
  }

  get readings(): readonly TimedReadings[] {
    return this.#readings;
  }

  /** For how many seconds together there is one histogram. */
  get stepSeconds(): number {
    return this.#folded.stepSeconds;
  }

  /** True when something of the measured time is there. */
  get hasMeasured(): boolean {
    return this.#measuredMs > 0;
  }

  /**
   * The measured time by the clock of the entries. An interval comes soon after the second that it is about, never before its end, so
   * the one that came soonest says best when the first second began.
   */
  get window(): Window {
    return { fromMs: this.#startMs, toMs: this.#startMs + this.#measuredMs };
  }

  #addReadings(entry: TimedReadings): void {
    this.#readings.push(entry);
    this.#readingCount += entry.readings.length;
    if (this.#readingCount <= this.#limits.mostReadings) return;
    const last = this.#readings.length - 1;
    this.#readings = this.#readings.filter((_, at) => at % 2 === 0 || at === last);
    this.#readingCount = this.#readings.reduce((sum, { readings }) => sum + readings.length, 0);
  }

  #addInterval(atMs: number, interval: Interval): void {
    const folded = this.#folded;
    folded.add(interval);
    while (folded.size > this.#limits.mostNumbers && folded.stepSeconds < MOST_STEP_SECONDS) folded.fold();
    if (interval.second < 0) return;
    const endMs = interval.second * 1_000 + interval.generator.elapsedMs;
    this.#startMs = Math.min(this.#startMs, atMs - endMs);
    this.#measuredMs = Math.max(this.#measuredMs, endMs);
  }
}
