import type { Clock } from '@meshwise/core';
import type { TimeSource } from '../time-source.ts';

/** What is paced: does what is due and says when something is due next. */
export interface Paced {
  turn(): number;
  /** The event loop was seen to be this late. */
  late(lateNs: number): void;
  readonly isRunning: boolean;
  readonly inFlight: number;
}

export interface PacerOptions {
  readonly clock: Clock;
  readonly source: TimeSource;
  readonly alarm: { set(atNs: number): void; onRing: () => void };
  /** Blocks for so long; nothing is under way then. */
  readonly napNs: (forNs: number) => void;
  /** Never turns without sleeping: the target needs the core that this would take. Requests are later for it. */
  readonly isGentle: boolean;
}

/** From here on it is not worth sleeping. */
const SPIN_NS = 300_000;
/** Wakes this much early, and turns until the moment has come. */
const EARLY_NS = 150_000;
const NAP_EARLY_NS = 180_000;
/** A nap blocks; what is longer is left to the event loop. */
const LONGEST_NAP_NS = 2e6;
/** How long an answer is waited for turning, as long as answers mostly come in that time. */
const QUICK_ANSWER_NS = 120_000;
const MOST_PATIENCE = 8;
/** When answers are slow, whether they still are is tried once in so many waits. */
const RETRY_WAITS = 256;
/** For what need not be exact: timeouts, seconds, the end. */
const HEARTBEAT_MS = 10;
/** Gentle: sleeps are no shorter, and what falls due meanwhile goes together. */
const GENTLE_NS = 100_000;

/**
 * Chooses how to wait for what is due. An event loop sleeps in whole milliseconds and blocking sleeps are 70 µs late, so the
 * last stretch is spent turning; how the time before it is spent depends on whether an answer may come in it.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #paced: Paced;
  #isTurning = false;
  #patience = MOST_PATIENCE;
  #waitsUntilRetry = RETRY_WAITS;
  #quickUntilNs = 0;
  readonly #turn = () => {
    this.#isTurning = false;
    this.#step();
  };

  constructor(paced: Paced, options: PacerOptions) {
    this.#paced = paced;
    this.#options = options;
  }

  start(): void {
    this.#options.alarm.onRing = () => this.wake();
    this.#beat(this.#options.source.nowNs());
  }

  /** Looks at once at what is due. */
  wake(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    setImmediate(this.#turn);
  }

  #beat(expectedNs: number): void {
    if (!this.#paced.isRunning) return;
    this.wake();
    const nowNs = this.#options.source.nowNs();
    // A beat may fall into a nap, which is nobody's loss.
    if (nowNs - expectedNs > LONGEST_NAP_NS) this.#paced.late(nowNs - expectedNs);
    this.#options.clock.after(HEARTBEAT_MS, () => this.#beat(nowNs + HEARTBEAT_MS * 1e6));
  }

  #step(): void {
    const dueNs = this.#paced.turn();
    if (!this.#paced.isRunning || dueNs === Number.POSITIVE_INFINITY) return;
    const nowNs = this.#options.source.nowNs();
    const leftNs = dueNs - nowNs;
    if (this.#options.isGentle) this.#waitGently(dueNs, leftNs);
    else if (leftNs <= SPIN_NS) this.wake();
    else if (this.#paced.inFlight === 0) this.#waitWithoutAnswers(leftNs);
    else if (this.#expectsQuickAnswer(nowNs)) this.wake();
    else this.#options.alarm.set(dueNs - EARLY_NS);
  }

  #waitWithoutAnswers(leftNs: number): void {
    if (this.#quickUntilNs > 0) this.#patience = Math.min(this.#patience + 1, MOST_PATIENCE);
    this.#quickUntilNs = 0;
    if (leftNs > LONGEST_NAP_NS) {
      // The next heartbeat comes in time to look again.
      if (leftNs > 2 * HEARTBEAT_MS * 1e6) return;
      this.#options.clock.after(Math.floor(leftNs / 1e6) - 1, () => this.wake());
    } else {
      this.#options.napNs(leftNs - NAP_EARLY_NS);
      this.wake();
    }
  }

  /** An answer that is slept for is seen late; a slow one is not worth a core. */
  #expectsQuickAnswer(nowNs: number): boolean {
    if (this.#quickUntilNs > 0) {
      if (nowNs < this.#quickUntilNs) return true;
      this.#quickUntilNs = 0;
      this.#patience -= 2;
      return false;
    }
    if (this.#patience <= 0) {
      this.#waitsUntilRetry -= 1;
      if (this.#waitsUntilRetry > 0) return false;
      this.#waitsUntilRetry = RETRY_WAITS;
      this.#patience = 1;
    }
    this.#quickUntilNs = nowNs + QUICK_ANSWER_NS;
    return true;
  }

  #waitGently(dueNs: number, leftNs: number): void {
    const forNs = Math.max(leftNs, GENTLE_NS);
    if (this.#paced.inFlight === 0 && forNs <= LONGEST_NAP_NS) {
      this.#options.napNs(forNs);
      this.wake();
    } else this.#options.alarm.set(dueNs - leftNs + forNs);
  }
}
