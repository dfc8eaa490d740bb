import { ManualClock } from '@meshwise/core';
import { expect, it } from 'vitest';
import { ReadyWatch } from './ready-watch.ts';

it('a proxy is ready whenever it says so, and not after its process has ended', async () => {
  const clock = new ManualClock();
  let answer: boolean | undefined = false;
  const turns: boolean[] = [];
  const watch: ReadyWatch = new ReadyWatch({
    ask: async () => answer,
    clock,
    onTurn: () => turns.push(watch.ready),
  });
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      await clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  watch.start();
  await pass(60_000);
  expect(turns).toEqual([]);
  answer = true;
  await pass(1_000);
  expect(turns).toEqual([true]);
  answer = undefined;
  await pass(20_000);
  expect(turns).toEqual([true]);
  answer = false;
  await pass(6_000);
  expect(turns).toEqual([true, false]);
  answer = true;
  await pass(1_000);
  answer = undefined;
  watch.reset();
  await pass(10_000);
  expect(turns).toEqual([true, false, true, false]);
  watch.stop();
});

it('an answer of the process before is not taken for the next one', async () => {
  let tell = (_answer: boolean) => {};
  const watch = new ReadyWatch({
    ask: () => new Promise((resolve) => (tell = resolve)),
    clock: new ManualClock(),
    onTurn: () => {},
  });
  const asked = watch.check();
  watch.reset();
  tell(true);
  expect(await asked).toBe(false);
});
