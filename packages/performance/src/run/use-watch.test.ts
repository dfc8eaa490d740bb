import { ManualClock } from '@meshwise/core';
import { describe, expect, it } from 'vitest';
import type { UseReading } from './ports.ts';
import { UseWatch } from './use-watch.ts';

const READING: UseReading = { role: 'sidecar', name: 'a', cpuMs: 1, memoryBytes: 2 };

function watch(read: () => Promise<readonly UseReading[]>) {
  const clock = new ManualClock(10_000);
  const times: number[] = [];
  const subject = new UseWatch({ probe: { read }, clock, onReadings: (atMs) => times.push(atMs - 10_000) });
  return { clock, times, subject };
}

/** Promise callbacks of what was begun run before the next step. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('the watch over what everyone uses', () => {
  it('reads at once, then once a second, when asked, and a last time at its end', async () => {
    const { clock, times, subject } = watch(async () => [READING]);
    await settle();
    await clock.advance(1_000);
    await settle();
    await clock.advance(400);
    await subject.read();
    await clock.advance(600);
    await settle();
    await clock.advance(100);
    await subject.stop();
    await clock.advance(5_000);
    expect(times).toEqual([0, 1_000, 1_400, 2_000, 2_100]);
    expect(subject.note).toBeUndefined();
  });

  it('notes that a reading failed, and goes on', async () => {
    let isBroken = true;
    const { clock, times, subject } = watch(async () => {
      if (isBroken) throw new Error('no such file');
      return [READING];
    });
    await settle();
    isBroken = false;
    await clock.advance(1_000);
    await settle();
    await subject.stop();
    expect(times.length).toBeGreaterThan(0);
    expect(subject.note).toBe('What everyone used could not be read once: no such file.');
  });

  it('does not wait for a probe that does not answer', async () => {
    const { clock, times, subject } = watch(() => new Promise(() => {}));
    const stopped = subject.stop();
    await clock.advance(2_000);
    await stopped;
    expect(times).toEqual([]);
    expect(subject.note).toMatch(/no answer within 2000 ms/);
  });
});
