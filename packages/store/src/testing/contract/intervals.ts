import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryInterval } from '../arbitrary-interval.ts';
import type { Subject } from '../contract.ts';
import { sampleInterval, sampleRun } from '../samples.ts';

export function intervalsContract(subject: () => Subject): void {
  describe('the intervals of a run', () => {
    it('come back as they were, in their order', async () => {
      const { store } = subject();
      await fc.assert(
        fc.asyncProperty(fc.array(arbitraryInterval, { maxLength: 5 }), async (intervals) => {
          await store.finishRun(sampleRun(1), intervals);
          expect(await store.intervals(sampleRun(1).id)).toEqual(intervals);
        }),
        { numRuns: 50 },
      );
    });

    it('of ten minutes come back whole', async () => {
      const { store } = subject();
      const intervals = Array.from({ length: 600 }, (_, second) => sampleInterval(second));
      await store.finishRun(sampleRun(1), intervals);
      expect(await store.intervals(sampleRun(1).id)).toEqual(intervals);
    });

    it('are none before the run has ended, and of a run that is not there an error', async () => {
      const { store } = subject();
      await store.putRun(sampleRun(1));
      expect(await store.intervals(sampleRun(1).id)).toEqual([]);
      await expect(store.intervals('another')).rejects.toMatchObject({ code: 'MW8101' });
    });

    it('are written with their run, or neither is', async () => {
      const { store, setting } = subject();
      await setting.execute('alter table meshwise_intervals rename to elsewhere');
      await expect(store.finishRun(sampleRun(1), [sampleInterval(0)])).rejects.toMatchObject({ code: 'MW8102' });
      expect(await store.getRun(sampleRun(1).id)).toBeUndefined();
      await setting.execute('alter table elsewhere rename to meshwise_intervals');
      await store.finishRun(sampleRun(1), [sampleInterval(0)]);
      expect(await store.intervals(sampleRun(1).id)).toEqual([sampleInterval(0)]);
    });

    it('that are none are refused before anything is written', async () => {
      const { store } = subject();
      const infinite = { ...sampleInterval(0), sent: Number.POSITIVE_INFINITY };
      await expect(store.finishRun(sampleRun(1), [sampleInterval(0), infinite])).rejects.toThrow('not an interval');
      expect(await store.getRun(sampleRun(1).id)).toBeUndefined();
    });
  });
}
