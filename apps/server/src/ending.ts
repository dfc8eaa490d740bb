import type { Logger } from '@meshwise/core';

export interface EndingSteps {
  /** What the daemon itself lets go of, in order. */
  readonly leave: readonly (() => unknown)[];
  /** Ends what runs beside the daemon. */
  readonly cleanUp: () => Promise<void>;
  readonly unlock: () => Promise<void>;
}

/**
 * The end of a daemon, which happens once however often it is asked for. A step that fails is logged and the next is taken
 * all the same: nothing must keep the rest from being cleaned up. The lock is given back last, so that no other daemon starts on the
 * state while this one still ends things on it.
 */
export class Ending {
  readonly #steps: EndingSteps;
  readonly #logger: Logger;
  #left: Promise<void> | undefined;
  #ended: Promise<void> | undefined;

  constructor(options: { logger: Logger; steps: EndingSteps }) {
    this.#steps = options.steps;
    this.#logger = options.logger;
  }

  /** The daemon goes, the mesh stays. During a shut-down it waits for that. */
  leave(): Promise<void> {
    this.#ended ??= this.#leave().then(() => this.#attempt(this.#steps.unlock));
    return this.#ended;
  }

  shutDown(): Promise<void> {
    this.#ended ??= this.#leave()
      .then(() => this.#attempt(this.#steps.cleanUp))
      .then(() => this.#attempt(this.#steps.unlock));
    return this.#ended;
  }

  #leave(): Promise<void> {
    this.#left ??= (async () => {
      for (const step of this.#steps.leave) await this.#attempt(step);
    })();
    return this.#left;
  }

  async #attempt(step: () => unknown): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#logger.error('a step of the end failed', { error: String(error) });
    }
  }
}
