import { describe, expect, it } from 'vitest';
import type { Subject } from '../contract.ts';
import { sampleBlock, sampleExperiment, sampleInterval, sampleRun } from '../samples.ts';

export function experimentsContract(subject: () => Subject): void {
  describe('an experiment', () => {
    const experiment = sampleExperiment(9);

    it('is read as it was written, and replaced by one of the same id', async () => {
      const { store } = subject();
      expect(await store.getExperiment(experiment.id)).toBeUndefined();
      await store.putExperiment(experiment);
      await store.putRun(sampleBlock(1, experiment.id));
      await store.putExperiment({ ...experiment, state: 'finished' });
      expect(await store.getExperiment(experiment.id)).toEqual({ ...experiment, state: 'finished' });
      expect(await store.getRun(sampleRun(1).id)).toEqual(sampleBlock(1, experiment.id));
    });

    it('hides its blocks from the list of runs, and shows them when asked', async () => {
      const { store } = subject();
      await store.putExperiment(experiment);
      for (const number of [1, 2]) await store.putRun(sampleBlock(number, experiment.id));
      await store.putRun(sampleRun(3));
      expect((await store.listRuns({ limit: 9 })).items).toEqual([sampleRun(3)]);
      expect((await store.listRuns({ limit: 9, search: 'run' })).items).toEqual([sampleRun(3)]);
      const blocks = await store.listRuns({ limit: 9, experimentId: experiment.id });
      expect(blocks.items).toEqual([sampleBlock(2, experiment.id), sampleBlock(1, experiment.id)]);
      expect((await store.listRuns({ limit: 9, experimentId: 'another' })).items).toEqual([]);
    });

    it('is deleted with its blocks and their intervals, and with nothing else', async () => {
      const { store } = subject();
      const other = sampleExperiment(8);
      for (const one of [experiment, other]) await store.putExperiment(one);
      await store.finishRun(sampleBlock(1, experiment.id), [sampleInterval(0)]);
      await store.finishRun(sampleBlock(2, other.id), [sampleInterval(0)]);
      await store.finishRun(sampleRun(3), [sampleInterval(0)]);
      expect([await store.deleteExperiment(experiment.id), await store.deleteExperiment(experiment.id)]).toEqual([
        true,
        false,
      ]);
      await expect(store.intervals(sampleRun(1).id)).rejects.toMatchObject({ code: 'MW8101' });
      expect((await store.listExperiments({ limit: 9 })).items).toEqual([other]);
      for (const number of [2, 3]) expect(await store.intervals(sampleRun(number).id)).toHaveLength(1);
    });
  });
}
