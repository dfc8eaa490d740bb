import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Sink } from './sink.ts';

const canRun =
  process.platform === 'linux' &&
  availableParallelism() > 1 &&
  ['gcc', 'taskset'].every((program) => spawnSync(program, ['--version']).status === 0);

describe.skipIf(!canRun)('the server that generators are measured against', () => {
  let sink: Sink;
  beforeAll(async () => {
    sink = await Sink.start();
  });
  afterAll(() => sink.stop());

  const get = async () => (await (await fetch(sink.url)).text()).length;
  const tookMs = async () => (await sink.records()).map(({ arrivedNs, answeredNs }) => (answeredNs - arrivedNs) / 1e6);

  test('answers with 1 KiB and counts every request, until it is told to forget', async () => {
    await sink.reset();
    expect(await Promise.all([get(), get(), get()])).toEqual([1_024, 1_024, 1_024]);
    expect((await sink.count()).requests).toBe(3);
    await sink.reset();
    expect(await sink.records()).toEqual([]);
  });

  test('delays every so many answers by another time, and none blocks the others', async () => {
    await sink.reset({ constantUs: 1_000, slowUs: 60_000, slowEvery: 2 });
    await Promise.all([get(), get(), get(), get()]);
    const took = await tookMs();
    expect(took.filter((ms) => ms >= 60)).toHaveLength(2);
    expect(Math.min(...took)).toBeGreaterThanOrEqual(1);
    expect(Math.min(...took)).toBeLessThan(60);
  });

  test('stands still once, and answers nothing meanwhile', async () => {
    await sink.reset({ stallAfterMs: 20, stallMs: 150 });
    await get();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await get();
    const [first, second] = await sink.records();
    expect(((second?.arrivedNs ?? 0) - (first?.arrivedNs ?? 0)) / 1e6).toBeGreaterThanOrEqual(170);
  });
});
