import { afterAll, beforeAll, describe } from 'vitest';
import { applyContract } from './contract/apply.ts';
import { deletionContract } from './contract/deletion.ts';
import { replayContract } from './contract/replay.ts';
import { watchContract } from './contract/watch.ts';
import { writesContract } from './contract/writes.ts';
import type { ResourceStore } from './store.ts';

export interface StoreUnderTest {
  readonly store: ResourceStore;
  /** A namespace that exists and in which the tests may do what they like. */
  readonly namespace: string;
  close(): Promise<void> | void;
}

/** Gives the store to a test while it runs. */
export type Subject = () => StoreUnderTest;

/**
 * What every implementation of `ResourceStore` must do, as tests for the calling file. They use ConfigMaps and Deployments
 * with names of their own and nothing that a Kubernetes API server would not allow, so that the same suite runs on one.
 */
export function resourceStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of a resource store`, () => {
    let subject: StoreUnderTest | undefined;
    beforeAll(async () => {
      subject = await makeStore();
    });
    afterAll(async () => {
      await subject?.close();
    });
    const current: Subject = () => {
      if (subject === undefined) throw new Error('The store is not open');
      return subject;
    };
    writesContract(current);
    applyContract(current);
    deletionContract(current);
    watchContract(current);
    replayContract(current);
  });
}
