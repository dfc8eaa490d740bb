import { type Logger, silentLogger } from '@meshwise/core';
import { describe, expect, it } from 'vitest';
import type { Subject } from '../contract.ts';
import { sampleExperiment, sampleInterval, sampleRun } from '../samples.ts';

export function damageContract(subject: () => Subject): void {
  describe('what is damaged', () => {
    it.each([
      ["'{'", 'must be object'],
      ['replace(record, \'"failed"\', \'"burnt"\')', '/state'],
      ['replace(record, \'"startedAt"\', \'"startedat"\')', 'startedAt'],
    ])('is named, and does not hide the rest of a list: %s', async (expression, reason) => {
      const { store, setting, another } = subject();
      for (const number of [1, 2, 3]) await store.putRun(sampleRun(number));
      await setting.execute(`update meshwise_runs set record = ${expression} where id = 'run-00002'`);
      const logged: unknown[] = [];
      const logger: Logger = { ...silentLogger, error: (_message, fields) => logged.push(fields) };
      const { items, next } = await (await another(logger)).listRuns({ limit: 2 });
      expect(items).toEqual([sampleRun(3)]);
      expect(logged).toEqual([{ id: 'run-00002', reason: expect.stringContaining(reason) }]);
      expect((await store.listRuns({ limit: 2, before: next ?? '' })).items).toEqual([sampleRun(1)]);
      await expect(store.getRun('run-00002')).rejects.toMatchObject({
        code: 'MW8102',
        message: expect.stringMatching(/run run-00002 is damaged/),
      });
      expect(await store.deleteRun('run-00002')).toBe(true);
    });

    it('may be an experiment', async () => {
      const { store, setting } = subject();
      await store.putExperiment(sampleExperiment(1));
      await setting.execute("update meshwise_experiments set record = '[]'");
      await expect(store.getExperiment(sampleExperiment(1).id)).rejects.toThrow(
        /MW8102: The experiment experiment-run-00001 is damaged/,
      );
    });

    it('may be intervals, whose run still can be read', async () => {
      const { store, setting } = subject();
      for (const number of [1, 2]) await store.finishRun(sampleRun(number), [sampleInterval(0)]);
      await setting.execute("update meshwise_intervals set data = substr(data, 1, 20) where run_id = 'run-00002'");
      await expect(store.intervals('run-00002')).rejects.toThrow(/MW8102: The intervals of run run-00002 are damaged/);
      expect(await store.getRun('run-00002')).toEqual(sampleRun(2));
      expect(await store.intervals('run-00001')).toEqual([sampleInterval(0)]);
    });
  });

  describe('what a later version has written', () => {
    it('is refused as a whole when the schema is later', async () => {
      const { setting, another } = subject();
      const later =
        "insert into meshwise_migrations (name, timestamp) values ('9999-later', '2030-01-01T00:00:00.000Z')";
      await setting.execute(later);
      await expect(another()).rejects.toMatchObject({ code: 'MW8103', message: expect.stringContaining('9999-later') });
    });

    it('is refused alone when only the intervals of a run are later', async () => {
      const { store, setting } = subject();
      await store.finishRun(sampleRun(1), [sampleInterval(0)]);
      await setting.execute('update meshwise_intervals set format = 2');
      await expect(store.intervals('run-00001')).rejects.toMatchObject({ code: 'MW8103' });
      expect(await store.getRun('run-00001')).toEqual(sampleRun(1));
    });
  });
}
