import { describe, expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

async function take<T>(queue: BoundedQueue<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  if (count === 0) return taken;
  for await (const value of queue.read(new AbortController().signal)) if (taken.push(value) === count) break;
  return taken;
}

describe('a bounded queue', () => {
  it('gives values in order, those that wait and those that come', async () => {
    const queue = new BoundedQueue<number>(10);
    queue.push(1);
    const taking = take(queue, 3);
    await Promise.resolve();
    queue.push(2);
    queue.push(3);
    expect(await taking).toEqual([1, 2, 3]);
  });

  it('drops the oldest when nobody reads', async () => {
    const queue = new BoundedQueue<number>(3);
    for (let value = 1; value <= 5; value++) queue.push(value);
    expect(await take(queue, 3)).toEqual([3, 4, 5]);
  });

  it('gives what is there before it fails', async () => {
    const queue = new BoundedQueue<number>(3);
    queue.push(1);
    queue.fail(new Error('gone'));
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of queue.read(new AbortController().signal)) seen.push(value);
    })();
    await expect(reading).rejects.toThrow('gone');
    expect(seen).toEqual([1]);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const queue = new BoundedQueue<number>(3);
    const reading = (async () => {
      for await (const _ of queue.read(stop.signal));
    })();
    await Promise.resolve();
    stop.abort(new Error('enough'));
    await reading;
  });
});
