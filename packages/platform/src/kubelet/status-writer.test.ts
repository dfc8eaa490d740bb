import { ManualClock, silentLogger } from '@meshwise/core';
import { describe, expect, it } from 'vitest';
import { StatusWriter } from './status-writer.ts';

function create(write: () => Promise<void>) {
  const clock = new ManualClock();
  const { signal } = new AbortController();
  return { clock, writer: new StatusWriter({ write, signal, pod: 'default/web-0', clock, logger: silentLogger }) };
}

describe('a writer of statuses', () => {
  it('writes what is reported during a write together, after it', async () => {
    const finish: (() => void)[] = [];
    const { clock, writer } = create(() => new Promise((resolve) => void finish.push(resolve)));
    for (let report = 0; report < 3; report++) writer.report();
    expect(finish).toHaveLength(1);
    for (const written of [2, 2]) {
      finish.at(-1)?.();
      await clock.advance(0);
      expect(finish).toHaveLength(written);
    }
    writer.report();
    expect(finish).toHaveLength(3);
  });

  it('tries again what could not be written, with pauses that grow', async () => {
    const attemptedMs: number[] = [];
    const { clock, writer } = create(async () => {
      attemptedMs.push(clock.monotonicMs());
      if (attemptedMs.length < 4) throw new Error('the store is locked');
    });
    writer.report();
    for (const pauseMs of [0, 250, 500, 1000, 60_000]) await clock.advance(pauseMs);
    expect(attemptedMs).toEqual([0, 250, 750, 1750]);
  });

  it('writes nothing while it is quiet, and the next report afterwards', async () => {
    let writes = 0;
    const { clock, writer } = create(async () => void writes++);
    writer.quiet = true;
    writer.report();
    await clock.advance(0);
    expect(writes).toBe(0);
    writer.quiet = false;
    writer.report();
    await clock.advance(0);
    expect(writes).toBe(1);
  });
});
