import { ManualClock } from '@meshwise/core';
import { expect, test } from 'vitest';
import { WorkQueue } from './work-queue.ts';

const key = (name: string) => ({ group: '', kind: 'Pod', namespace: 'default', name });

test('hands out each key once however often it was added, in the order of adding', async () => {
  const queue = new WorkQueue(new ManualClock());
  for (const name of ['a', 'b', 'a', 'a']) queue.add(key(name));
  expect(queue.waiting).toBe(2);
  expect((await queue.take())?.name).toBe('a');
  expect((await queue.take())?.name).toBe('b');
  expect(queue.waiting).toBe(0);
});

test('a key added while a worker holds it waits until that worker is done', async () => {
  const queue = new WorkQueue(new ManualClock());
  queue.add(key('a'));
  const held = await queue.take();
  queue.add(key('a'));
  let second: string | undefined;
  const next = queue.take().then((taken) => {
    second = taken?.name;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(second).toBeUndefined();
  if (held !== undefined) queue.done(held);
  await next;
  expect(second).toBe('a');
});

test('of several delays for one key the earliest counts, and the key comes once', async () => {
  const clock = new ManualClock();
  const queue = new WorkQueue(clock);
  queue.addAfter(key('a'), 1000);
  queue.addAfter(key('a'), 200);
  queue.addAfter(key('a'), 5000);
  await clock.advance(199);
  expect(queue.waiting).toBe(0);
  await clock.advance(1);
  expect(queue.waiting).toBe(1);
  await queue.take();
  await clock.advance(10_000);
  expect(queue.waiting).toBe(0);
});

test('closing lets waiting workers go and drops what was planned', async () => {
  const clock = new ManualClock();
  const queue = new WorkQueue(clock);
  const taken = queue.take();
  queue.addAfter(key('a'), 10);
  queue.close();
  expect(await taken).toBeUndefined();
  await clock.advance(100);
  queue.add(key('b'));
  expect(await queue.take()).toBeUndefined();
});
