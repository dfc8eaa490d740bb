import type { Logger } from '@meshwise/core';
import type { ResultRepository } from '@meshwise/performance';
import { afterEach, beforeEach, describe } from 'vitest';
import { damageContract } from './contract/damage.ts';
import { experimentsContract } from './contract/experiments.ts';
import { intervalsContract } from './contract/intervals.ts';
import { listsContract } from './contract/lists.ts';
import { runsContract } from './contract/runs.ts';
import type { Setting } from './settings.ts';

/** Gives tests the store and what is behind it, while they run. */
export interface Subject {
  readonly store: ResultRepository;
  readonly setting: Setting;
  /** Another store on the same database, closed after the test. */
  another(logger?: Logger): Promise<ResultRepository>;
}

/** What the store promises over every database, as tests for the calling file. */
export function resultStoreContract(name: string, makeSetting: () => Promise<Setting>): void {
  describe(`${name} keeps the contract of a store of results (000-58, 000-109)`, () => {
    let subject: (Subject & { readonly opened: ResultRepository[] }) | undefined;
    beforeEach(async () => {
      const setting = await makeSetting();
      const opened = [await setting.open()];
      const another = async (logger?: Logger) => {
        const store = await setting.open(logger);
        opened.push(store);
        return store;
      };
      const [store] = opened;
      if (store !== undefined) subject = { store, setting, opened, another };
    });
    afterEach(async () => {
      for (const store of subject?.opened ?? []) await store.close();
      subject?.setting.remove();
      subject = undefined;
    });
    const current = (): Subject => {
      if (subject === undefined) throw new Error('The store is not open');
      return subject;
    };
    runsContract(current);
    intervalsContract(current);
    listsContract(current);
    experimentsContract(current);
    damageContract(current);
  });
}
