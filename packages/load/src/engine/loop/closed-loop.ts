import type { Failure } from '../failure.ts';
import { NEVER_NS } from '../schedule/arrivals.ts';
import { LoadLoop, type LoopOptions } from './load-loop.ts';

const MAX_STAGGER_NS = 1e6;
const MAX_START_NS = 100e6;

export interface ClosedLoopOptions extends LoopOptions {
  /** Between requests, to stay below the cap; zero without one. */
  readonly gapNs: number;
  /** When the first is allowed, after the beginning: workers take turns. */
  readonly phaseNs: number;
  /** Requests of the measured time that this worker may send. */
  readonly maxRequests: number;
  /** Requests that can be under way together. */
  readonly width: number;
  /** All begin at one moment. */
  readonly burst: boolean;
  /** Called when what is due next may have changed by an answer. */
  readonly wake: () => void;
}

/**
 * Each connection sends its next request after the last answer, so the intended time of a request is when its connection became
 * free; with a cap, that moment or when the cap allows it, whichever is later. A slow server does not save up requests that
 * would come in a burst after it; a late generator does, and shows it in L.
 */
export class ClosedLoop extends LoadLoop {
  readonly #options: ClosedLoopOptions;
  readonly #staggerNs: number;
  #allowedNs: number;
  #startNs: number;
  /** Requests that may be under way by now: connections begin one after the other. */
  #width: number;
  #left: number;
  #isStarved = false;
  #hasBegun = false;

  constructor(options: ClosedLoopOptions) {
    super(options);
    this.#options = options;
    this.#staggerNs = Math.min(MAX_STAGGER_NS, MAX_START_NS / options.width);
    this.#startNs = -options.warmUpMs * 1e6;
    this.#allowedNs = this.#startNs + options.phaseNs;
    this.#width = options.burst ? options.width : 0;
    this.#left = options.maxRequests;
  }

  protected override nextDueNs(): number {
    if (this.#left <= 0) return NEVER_NS;
    if (this.#width < this.#options.width) return this.#startNs + this.#width * this.#staggerNs;
    const isTimed = this.#options.gapNs > 0 || !this.#hasBegun;
    return isTimed && !this.#isStarved ? this.#allowedNs : NEVER_NS;
  }

  protected override get waiting(): number {
    return 0;
  }

  protected override begin(beforeNs: number, nowNs: number): void {
    if (this.#width < this.#options.width) {
      const steps = Math.floor((nowNs - this.#startNs) / this.#staggerNs) + 1;
      this.#width = Math.min(this.#options.width, Math.max(this.#width, steps));
    }
    while (this.#allowedNs <= beforeNs && this.#mayBegin(nowNs)) {
      const slot = this.flow.inFlight < this.#width ? this.pool.next() : undefined;
      this.#isStarved = slot === undefined;
      if (slot === undefined) return;
      const intendedNs = this.#options.gapNs > 0 ? this.#allowedNs : nowNs;
      this.#allowedNs += this.#options.gapNs;
      this.#schedule(intendedNs);
      this.recorders.now.loopDelay(nowNs - intendedNs);
      this.flow.send(this.pool, slot, intendedNs, nowNs);
    }
  }

  protected override roomAt(nowNs: number): void {
    if (this.#isStarved) this.#allowedNs = Math.max(this.#allowedNs, nowNs);
    this.#isStarved = false;
    this.begin(nowNs, nowNs);
    if (this.#options.gapNs > 0) this.#options.wake();
  }

  protected override couldNotOpenAt({ kind, message }: Failure, hadRequest: boolean, nowNs: number): void {
    if (hadRequest || !this.#mayBegin(nowNs)) return;
    this.#schedule(nowNs);
    this.recorders.of(nowNs).failed(kind, message, null, 0, 0);
  }

  protected override giveUpWaiting(): void {}

  protected override hasBegunAll(nowNs: number): boolean {
    return !this.#mayBegin(nowNs);
  }

  #schedule(intendedNs: number): void {
    if (intendedNs >= 0) this.#left -= 1;
    this.#hasBegun = true;
    this.recorders.of(intendedNs).scheduled += 1;
  }

  #mayBegin(nowNs: number): boolean {
    return this.#left > 0 && this.isInTime(nowNs);
  }
}
