export interface BackOffOptions {
  /** Delay after the first failure; doubles with each further one. Default 5 ms, as in controller-runtime. */
  readonly baseMs?: number;
  /** The longest delay. Default 30 s: on one machine nobody waits for minutes. */
  readonly maxMs?: number;
}

/** Counts failures per key and says how long to wait after each (controller-runtime's exponential failure limiter). */
export class BackOff {
  readonly #baseMs: number;
  readonly #maxMs: number;
  readonly #failures = new Map<string, number>();

  constructor(options: BackOffOptions = {}) {
    this.#baseMs = options.baseMs ?? 5;
    this.#maxMs = options.maxMs ?? 30_000;
  }

  /** Notes one more failure of the key and answers the delay before the next attempt. */
  nextDelayMs(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.min(this.#maxMs, this.#baseMs * 2 ** Math.min(failures, 40));
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
