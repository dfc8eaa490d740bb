import type { Clock, Logger } from '@meshwise/core';
import type { MeshModel } from '@meshwise/model';
import { type ConnectInside, KeySetFetcher } from '@meshwise/platform';

/** Keeps the models' keys of token issuers fetched. */
export class KeySets {
  readonly #models: readonly MeshModel[];
  readonly #fetcher: KeySetFetcher;

  /** All of `models` read the same resources; the first one says which keys are wanted. */
  constructor(options: {
    readonly models: readonly [MeshModel, ...MeshModel[]];
    readonly file: string;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly connectInside: ConnectInside;
    readonly onChange: () => void;
  }) {
    const { models, onChange, ...others } = options;
    this.#models = models;
    this.#fetcher = new KeySetFetcher({
      ...others,
      onResult: (id, { keys, problem }) => {
        for (const model of models) model.setKeySet(id, keys, problem);
        onChange();
      },
    });
  }

  /** Takes up what an earlier daemon knew. */
  load(): Promise<void> {
    return this.#fetcher.load();
  }

  /** The models have changed. */
  changed(): void {
    this.#fetcher.follow(this.#models[0]?.keySources() ?? []);
  }

  /** Resolves when what was learnt is on disk. */
  async close(): Promise<void> {
    this.#fetcher.close();
    await this.#fetcher.written();
  }
}
