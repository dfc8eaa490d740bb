import type { Clock } from '@meshwise/core';

const EVERY_MS = 500;

/** Tells listeners twice a second, as long as there is something to tell, that it is time to look. */
export class LiveTicker {
  readonly #clock: Clock;
  readonly #isNeeded: () => boolean;
  readonly #listeners = new Set<() => void>();
  #isTicking = false;

  constructor(clock: Clock, isNeeded: () => boolean) {
    this.#clock = clock;
    this.#isNeeded = isNeeded;
  }

  subscribe(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Does nothing while it ticks already. */
  start(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    this.#clock.after(EVERY_MS, () => {
      this.#isTicking = false;
      if (!this.#isNeeded()) return;
      this.tick();
      this.start();
    });
  }

  tick(): void {
    for (const listener of this.#listeners) listener();
  }
}
