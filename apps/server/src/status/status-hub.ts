import type { StatusView } from '@meshwise/api';
import type { Clock, Logger } from '@meshwise/core';

export interface StatusEvent {
  readonly id: number;
  readonly status: StatusView;
}

const MIN_INTERVAL_MS = 500;

/**
 * Makes the status when something changed, at most twice a second, and tells whoever listens. A listener that comes back
 * with the id of the last event it saw gets the newest at once when that is another one.
 */
export class StatusHub {
  readonly #build: () => Promise<StatusView>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #listeners = new Set<(event: StatusEvent) => void>();
  #latest: StatusEvent | undefined;
  #scheduled = false;

  constructor(options: { build: () => Promise<StatusView>; clock: Clock; logger: Logger }) {
    this.#build = options.build;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Now, whether or not anybody listens. */
  async current(): Promise<StatusView> {
    return this.#build();
  }

  changed(): void {
    if (this.#scheduled || this.#listeners.size === 0) return;
    this.#scheduled = true;
    this.#clock.after(MIN_INTERVAL_MS, () => {
      this.#scheduled = false;
      this.#publish().catch((error: unknown) => this.#logger.error('status failed', { error: String(error) }));
    });
  }

  subscribe(lastSeenId: number | undefined, listener: (event: StatusEvent) => void): () => void {
    this.#listeners.add(listener);
    if (this.#latest !== undefined && lastSeenId !== this.#latest.id) listener(this.#latest);
    this.#publish().catch((error: unknown) => this.#logger.error('status failed', { error: String(error) }));
    return () => this.#listeners.delete(listener);
  }

  async #publish(): Promise<void> {
    const status = await this.#build();
    if (this.#latest !== undefined && same(this.#latest.status, status)) return;
    // Ids begin with the time, so that those of an earlier daemon are never taken for ours.
    const id = Math.max((this.#latest?.id ?? 0) + 1, this.#clock.nowMs());
    this.#latest = { id, status };
    for (const listener of this.#listeners) listener(this.#latest);
  }
}

/** Two statuses that differ only in their time say the same. */
function same(a: StatusView, b: StatusView): boolean {
  return JSON.stringify({ ...a, at: '' }) === JSON.stringify({ ...b, at: '' });
}
