import type { Interval } from '@meshwise/load';
import type { JournalEntry } from './journal.ts';
import type { TimedReadings, Window } from './use-records.ts';

/** All that was measured in a run, from what came in: the same while it goes on and when a journal is read afterwards. */
export class RunLog {
  readonly intervals: Interval[] = [];
  readonly readings: TimedReadings[] = [];
  #startMs = Number.POSITIVE_INFINITY;
  #measuredMs = 0;

  add(entry: JournalEntry): void {
    if ('readings' in entry) this.readings.push(entry);
    if ('intervals' in entry) for (const interval of entry.intervals) this.#addInterval(entry.atMs, interval);
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

  #addInterval(atMs: number, interval: Interval): void {
    this.intervals.push(interval);
    if (interval.second < 0) return;
    const endMs = interval.second * 1_000 + interval.generator.elapsedMs;
    this.#startMs = Math.min(this.#startMs, atMs - endMs);
    this.#measuredMs = Math.max(this.#measuredMs, endMs);
  }
}
