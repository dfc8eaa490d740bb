import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleInterval, sampleRun } from './samples.ts';
import type { Setting } from './settings.ts';

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));

function startWriter(setting: Setting, first: number, count: number) {
  const args = [WRITER, JSON.stringify(setting.place), String(first), String(count)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The numbers of the runs that a writer was told are on disk. */
async function acknowledged(
  writer: ReturnType<typeof startWriter>,
  after: (acknowledged: number, writer: ChildProcess) => void = () => {},
): Promise<number[]> {
  const numbers: number[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    expect(line).toMatch(/^\d+$/);
    numbers.push(Number(line));
    after(numbers.length, writer);
  }
  return numbers;
}

/** What processes may do to each other and have done to them, over either database. */
export function processesContract(name: string, makeSetting: () => Promise<Setting>): void {
  describe(`${name} and several processes`, () => {
    const empty = async () => {
      const setting = await makeSetting();
      onTestFinished(() => setting.remove());
      return setting;
    };

    it('has every run whole that was acknowledged before a kill -9, three times in a row', async () => {
      const setting = await empty();
      const expected: number[] = [];
      for (const [round, stopAfter] of [7, 30, 1].entries()) {
        const kill = (count: number, writer: ChildProcess) => count === stopAfter && writer.kill('SIGKILL');
        expected.push(...(await acknowledged(startWriter(setting, round * 10_000, 10_000), kill)));
        const store = await setting.open();
        onTestFinished(() => store.close());
        for (const number of expected) {
          const { id } = sampleRun(number);
          expect(await store.getRun(id)).toEqual(sampleRun(number));
          expect(await store.intervals(id)).toEqual([sampleInterval(number), sampleInterval(number + 1)]);
        }
        // The one that was under way may be there, and then it is whole; no other is.
        const { items } = await store.listRuns({ limit: 10_000 });
        expect(items.length - expected.length).toBeLessThanOrEqual(round + 1);
        for (const { id } of items) expect(await store.intervals(id)).toHaveLength(2);
      }
      expect(expected.length).toBeGreaterThanOrEqual(38);
    });

    it('takes all that four write who make the database at the same moment', async () => {
      const setting = await empty();
      const writers = [0, 1, 2, 3].map((writer) => startWriter(setting, writer * 1_000, 25));
      const numbers = await Promise.all(writers.map((writer) => acknowledged(writer)));
      expect(numbers.map((some) => some.length)).toEqual([25, 25, 25, 25]);
      const store = await setting.open();
      onTestFinished(() => store.close());
      const { items } = await store.listRuns({ limit: 1_000 });
      expect(items.map(({ id }) => id).sort()).toEqual(numbers.flat().map((number) => sampleRun(number).id));
      for (const { id } of items) expect(await store.intervals(id)).toHaveLength(2);
    });
  });
}
