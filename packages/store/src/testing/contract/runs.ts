import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Subject } from '../contract.ts';
import { sampleBlock, sampleInterval, sampleRun } from '../samples.ts';

export function runsContract(subject: () => Subject): void {
  describe('a run', () => {
    it('is read as it was written, also by another process', async () => {
      const { store, another } = subject();
      await store.putRun(sampleRun(1));
      expect(await store.getRun(sampleRun(1).id)).toEqual(sampleRun(1));
      expect(await (await another()).getRun(sampleRun(1).id)).toEqual(sampleRun(1));
      expect(await store.getRun('another')).toBeUndefined();
    });

    it('keeps every text, whatever is in it, and is found by it', async () => {
      const { store } = subject();
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), async (name) => {
          const record = sampleRun(1, { name, note: name });
          await store.putRun(record);
          expect(await store.getRun(record.id)).toEqual(record);
          expect((await store.listRuns({ limit: 1, search: name })).items).toEqual([record]);
        }),
        { examples: [['a\0b'], ["'; drop table meshwise_runs; --"], ['\ud800'], ['%_\\']] },
      );
    });

    it('takes the place of one of the same id, and keeps its intervals', async () => {
      const { store } = subject();
      const { id } = sampleRun(1);
      await store.finishRun(sampleRun(1), [sampleInterval(0)]);
      await store.putRun(sampleRun(1, { name: 'renamed', state: 'partial' }));
      expect(await store.getRun(id)).toMatchObject({ name: 'renamed', state: 'partial' });
      expect(await store.intervals(id)).toEqual([sampleInterval(0)]);
      expect((await store.listRuns({ limit: 9, search: 'run 1' })).items).toEqual([]);
    });

    it('is deleted with its intervals', async () => {
      const { store } = subject();
      const { id } = sampleRun(1);
      await store.finishRun(sampleRun(1), [sampleInterval(0)]);
      await store.putRun(sampleRun(2));
      expect([await store.deleteRun(id), await store.deleteRun(id)]).toEqual([true, false]);
      await expect(store.intervals(id)).rejects.toMatchObject({ code: 'MW8101' });
      await store.putRun(sampleRun(1));
      expect(await store.intervals(id)).toEqual([]);
      expect((await store.listRuns({ limit: 9 })).items).toHaveLength(2);
    });

    it('is refused when it could not be read again, or belongs to an experiment that is not there', async () => {
      const { store } = subject();
      await expect(store.putRun(sampleRun(1, { startedAt: 'yesterday' }))).rejects.toThrow('not whole');
      const { environment } = sampleRun(1);
      const notANumber = { environment: { ...environment, loadAverage: Number.NaN } };
      await expect(store.putRun(sampleRun(1, notANumber))).rejects.toThrow('/environment/loadAverage');
      await expect(store.finishRun(sampleBlock(1, 'gone'), [])).rejects.toMatchObject({ code: 'MW8101' });
      expect((await store.listRuns({ limit: 9 })).items).toEqual([]);
      expect(await store.getRun(sampleRun(1).id)).toBeUndefined();
    });

    it('is written by several at once without loss', async () => {
      const { store, another } = subject();
      const other = await another();
      const numbers = Array.from({ length: 40 }, (_, index) => index);
      await Promise.all(
        numbers.map((number) =>
          (number % 2 === 0 ? store : other).finishRun(sampleRun(number), [sampleInterval(number)]),
        ),
      );
      expect((await store.listRuns({ limit: 100 })).items).toHaveLength(40);
      for (const number of numbers) {
        expect(await other.intervals(sampleRun(number).id)).toEqual([sampleInterval(number)]);
      }
    });

    it('cannot be reached through a store that was closed', async () => {
      const { store } = subject();
      await store.close();
      await store.close();
      await expect(store.getRun('any')).rejects.toMatchObject({ code: 'MW8102' });
      await expect(store.putRun(sampleRun(1))).rejects.toThrow('closed');
    });
  });
}
