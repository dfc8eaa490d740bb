import type { Clock, Logger } from '@meshwise/core';
import type { ResourceStore } from '@meshwise/resources';
import { Controller, type ControllerDefinition, type ControllerHealth } from './controller.ts';
import { SourceSet } from './source.ts';

export interface ControllerGroupOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Controllers that run together over one store and share one watch per kind. */
export class ControllerGroup {
  readonly sources: SourceSet;
  readonly #options: ControllerGroupOptions;
  readonly #controllers: Controller[] = [];
  #activity = 0;
  #waiters: (() => void)[] = [];

  constructor(options: ControllerGroupOptions) {
    this.#options = options;
    this.sources = new SourceSet(options.store, options.clock, options.logger);
  }

  /** Before `run` only. */
  add(definition: ControllerDefinition): void {
    const { clock, logger } = this.#options;
    const onActivity = () => this.#noteActivity();
    this.#controllers.push(new Controller(definition, { sources: this.sources, clock, logger, onActivity }));
  }

  health(): readonly ControllerHealth[] {
    return this.#controllers.map((controller) => controller.health());
  }

  /** Resolves when the signal has aborted and every controller has ended its work. */
  async run(signal: AbortSignal): Promise<void> {
    const sources = this.sources.all().map((source) => source.run(signal));
    const controllers = this.#controllers.map((controller) => controller.run(signal));
    await Promise.all([...controllers, ...sources]);
  }

  /**
   * Resolves when all controllers have seen everything that is in the store and have nothing left to do about it.
   * Looks planned for later do not count; failures that are retried do. For tests and for `up`, which waits for it.
   */
  async whenIdle(): Promise<void> {
    for (;;) {
      const before = this.#activity;
      if (await this.#idle()) {
        if (this.#activity === before) return;
        continue;
      }
      if (this.#activity === before) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async #idle(): Promise<boolean> {
    if (!this.#controllers.every((controller) => controller.quiet)) return false;
    for (const source of this.sources.all()) if (!(await source.inStep())) return false;
    return this.#controllers.every((controller) => controller.quiet);
  }

  #noteActivity(): void {
    this.#activity++;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
