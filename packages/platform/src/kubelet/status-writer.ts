import type { Clock, Logger } from '@meshwise/core';
import { backOffMs } from '../proxies/back-off.ts';

export interface StatusWriterOptions {
  /** Writes what is the case when it is called. */
  readonly write: () => Promise<void>;
  /** Ends the pause after a failure. */
  readonly signal: AbortSignal;
  /** The pod's name, for logs. */
  readonly pod: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RETRY_BASE_MS = 250;
const RETRY_CAP_MS = 30_000;

/**
 * Writes a pod's status soon after each report; changes that come while a write is under way are written together after it,
 * and what could not be written is written again.
 */
export class StatusWriter {
  /** Nothing is written while this is set, and what is reported meanwhile goes with the first report afterwards. */
  quiet = false;
  readonly #o: StatusWriterOptions;
  #writing = false;
  #dirty = false;

  constructor(options: StatusWriterOptions) {
    this.#o = options;
  }

  report(): void {
    this.#dirty = true;
    if (this.#writing || this.quiet) return;
    this.#writing = true;
    this.#writeWhileDirty();
  }

  async #writeWhileDirty(): Promise<void> {
    const { write, clock, signal, logger, pod } = this.#o;
    let failures = 0;
    while (this.#dirty && !this.quiet) {
      this.#dirty = false;
      try {
        await write();
        failures = 0;
      } catch (error) {
        this.#dirty = true;
        failures += 1;
        logger.warn('pod status not written', { pod, error: String(error) });
        await clock.sleep(backOffMs(failures, RETRY_BASE_MS, RETRY_CAP_MS), signal).catch(() => undefined);
      }
    }
    // In the same turn as the last look at `dirty`, so that no report falls between the two.
    this.#writing = false;
  }
}
