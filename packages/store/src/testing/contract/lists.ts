import type { ListQuery, ResultRepository } from '@meshwise/performance';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Subject } from '../contract.ts';
import { sampleExperiment, sampleRun } from '../samples.ts';

async function namesOf(store: ResultRepository, query: ListQuery): Promise<string[]> {
  return (await store.listRuns(query)).items.map(({ name }) => name);
}

/** All pages, one after the other; `between` is called before each but the first. */
async function allPages(store: ResultRepository, limit: number, between?: (page: number) => Promise<void>) {
  const names: string[] = [];
  let before: string | undefined;
  for (let page = 0; page === 0 || before !== undefined; page++) {
    if (page > 0) await between?.(page);
    const { items, next } = await store.listRuns({ limit, ...(before === undefined ? {} : { before }) });
    expect(items.length).toBeLessThanOrEqual(limit);
    names.push(...items.map(({ name }) => name));
    before = next;
  }
  return names;
}

export function listsContract(subject: () => Subject): void {
  describe('a list', () => {
    const names = (...numbers: number[]) => numbers.map((number) => `run ${number}`);

    it('has the newest first, page by page, and says where it ends', async () => {
      const { store } = subject();
      for (const number of [3, 1, 5, 2, 4]) await store.putRun(sampleRun(number));
      expect(await allPages(store, 2)).toEqual(names(5, 4, 3, 2, 1));
      expect(await allPages(store, 5)).toEqual(names(5, 4, 3, 2, 1));
      expect((await store.listRuns({ limit: 5 })).next).toBeUndefined();
    });

    it('shows each once when all began at the same moment', async () => {
      const { store } = subject();
      const { startedAt } = sampleRun(0);
      for (const number of [3, 1, 5, 2, 4]) await store.putRun(sampleRun(number, { startedAt }));
      expect((await allPages(store, 1)).sort()).toEqual(names(1, 2, 3, 4, 5));
    });

    it('goes on where it was when runs come and go between the pages, also the one at the edge', async () => {
      const { store } = subject();
      for (const number of [1, 2, 3, 4, 5]) await store.putRun(sampleRun(number));
      const change = async (page: number) => {
        await store.putRun(sampleRun(10 + page));
        await store.deleteRun(sampleRun(6 - page).id);
      };
      expect(await allPages(store, 1, change)).toEqual(names(5, 4, 3, 2, 1));
    });

    it('does not begin at a text that no list has given', async () => {
      for (const before of ['', 'run-00001', '12', '_', '1e3_a', '99999999999999999999_a']) {
        await expect(subject().store.listRuns({ limit: 1, before }), before).rejects.toMatchObject({ code: 'MW8101' });
      }
    });

    it('finds by name and target, in capital or small letters, and takes no letter for another', async () => {
      const { store } = subject();
      await store.putRun(sampleRun(1, { name: '100% ÄRGER' }));
      await store.putRun(sampleRun(2, { name: '100 a_b' }));
      await store.putRun(sampleRun(3, { name: 'a\\b' }));
      expect(await namesOf(store, { limit: 9, search: '100% ä' })).toEqual(['100% ÄRGER']);
      expect(await namesOf(store, { limit: 9, search: 'A_' })).toEqual(['100 a_b']);
      expect(await namesOf(store, { limit: 9, search: '\\' })).toEqual(['a\\b']);
      expect(await namesOf(store, { limit: 9, search: 'PRODUCTPAGE' })).toHaveLength(3);
      expect(await namesOf(store, { limit: 9, search: ':9080/rev' })).toHaveLength(3);
      expect(await namesOf(store, { limit: 9, search: 'details' })).toEqual([]);
    });

    it('of experiments does the same', async () => {
      const { store } = subject();
      for (const number of [2, 1, 3]) await store.putExperiment(sampleExperiment(number));
      const first = await store.listExperiments({ limit: 2 });
      expect(first.items).toEqual([sampleExperiment(3), sampleExperiment(2)]);
      const second = await store.listExperiments({ limit: 2, before: first.next ?? '' });
      expect(second).toEqual({ items: [sampleExperiment(1)], next: undefined });
      expect((await store.listExperiments({ limit: 9, search: 'OF RUN 2' })).items).toEqual([sampleExperiment(2)]);
    });

    describe('of 2,000 runs', () => {
      beforeEach(async () => {
        const { store } = subject();
        await Promise.all(Array.from({ length: 2_000 }, (_, number) => store.putRun(sampleRun(number))));
      });

      it('is read in pages and searched', async () => {
        const { store } = subject();
        const all = await allPages(store, 500);
        expect(all).toEqual(names(...Array.from({ length: 2_000 }, (_, index) => 1_999 - index)));
        expect(await namesOf(store, { limit: 9, search: 'run 123' })).toEqual(
          names(1_239, 1_238, 1_237, 1_236, 1_235, 1_234, 1_233, 1_232, 1_231),
        );
        expect(await namesOf(store, { limit: 9, search: 'run 7' })).toHaveLength(9);
      });
    });
  });
}
