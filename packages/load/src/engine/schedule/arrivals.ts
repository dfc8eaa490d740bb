import type { Shard } from '../../run/contract.ts';
import type { Random } from '../random.ts';
import type { RateCurve } from './rate-curve.ts';

/** The end of a sequence of times. */
export const NEVER_NS = Number.POSITIVE_INFINITY;

/** Intended times, one after the other: nanoseconds from the start of the measured time, growing. */
export interface Arrivals {
  /** Of the next request; `NEVER_NS` when there is none. */
  readonly nextNs: number;
  advance(): void;
}

/** Every request has its place in the integral of the rate: its index. The whole is dealt out to the workers by index. */
export class ConstantArrivals implements Arrivals {
  readonly #curve: RateCurve;
  readonly #count: number;
  readonly #step: number;
  #index: number;
  nextNs: number;

  constructor(curve: RateCurve, { index, count }: Shard, maxRequests = Number.POSITIVE_INFINITY) {
    this.#curve = curve;
    // The first request is due at the very beginning, so a part of one counts; what rounding adds does not.
    this.#count = Math.min(Math.ceil(curve.area - 1e-6), maxRequests);
    this.#step = count;
    this.#index = index;
    this.nextNs = this.#timeNs();
  }

  advance(): void {
    this.#index += this.#step;
    this.nextNs = this.#timeNs();
  }

  #timeNs(): number {
    return this.#index < this.#count ? this.#curve.timeNsOf(this.#index) : NEVER_NS;
  }
}

/**
 * A Poisson process: distances in the integral of the rate are exponential with mean one, which makes it right for rates that
 * change as well. All workers draw the whole sequence and each takes its part, so that the whole does not depend on their number.
 */
export class PoissonArrivals implements Arrivals {
  readonly #curve: RateCurve;
  readonly #random: Random;
  readonly #shard: Shard;
  readonly #maxRequests: number;
  #index = -1;
  #position = 0;
  nextNs = 0;

  constructor(curve: RateCurve, shard: Shard, random: Random, maxRequests = Number.POSITIVE_INFINITY) {
    this.#curve = curve;
    this.#random = random;
    this.#shard = shard;
    this.#maxRequests = maxRequests;
    this.#skip(shard.index + 1);
  }

  advance(): void {
    this.#skip(this.#shard.count);
  }

  #skip(requests: number): void {
    for (let skipped = 0; skipped < requests; skipped += 1) this.#position -= Math.log(1 - this.#random());
    this.#index += requests;
    const isOver = this.#position >= this.#curve.area || this.#index >= this.#maxRequests;
    this.nextNs = isOver ? NEVER_NS : this.#curve.timeNsOf(this.#position);
  }
}

/** First all of the one, then all of the other. */
export class ArrivalsInTurn implements Arrivals {
  #now: Arrivals;
  #then: Arrivals | null;

  constructor(first: Arrivals, second: Arrivals) {
    this.#now = first;
    this.#then = second;
    this.#turn();
  }

  get nextNs(): number {
    return this.#now.nextNs;
  }

  advance(): void {
    this.#now.advance();
    this.#turn();
  }

  #turn(): void {
    if (this.#now.nextNs !== NEVER_NS || this.#then === null) return;
    this.#now = this.#then;
    this.#then = null;
  }
}
