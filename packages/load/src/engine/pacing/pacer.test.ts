import { ManualClock } from '@meshwise/core';
import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A pacer of something that is due once, at `dueNs`, with time standing still unless a nap takes it. */
async function wait(dueNs: number, said: { inFlight?: number; isGentle?: boolean } = {}) {
  const clock = new ManualClock();
  const alarms: number[] = [];
  let nowNs = 0;
  let turnsBefore = 0;
  let begunNs = -1;
  const paced = {
    isRunning: true,
    late() {},
    inFlight: said.inFlight ?? 0,
    turn() {
      if (nowNs >= dueNs && begunNs < 0) begunNs = nowNs;
      if (begunNs < 0) turnsBefore += 1;
      // Time passes by itself when nobody sleeps.
      nowNs += 10_000;
      return begunNs < 0 ? dueNs : Number.POSITIVE_INFINITY;
    },
  };
  const alarm = {
    onRing: () => {},
    set(atNs: number) {
      alarms.push(atNs);
      nowNs = Math.max(nowNs, atNs);
      alarm.onRing();
    },
  };
  let naps = 0;
  const napNs = (forNs: number) => {
    naps += 1;
    // The kernel's slack.
    nowNs += Math.max(0, forNs) + 70_000;
  };
  const isGentle = said.isGentle ?? false;
  const pacer = new Pacer(paced, { clock, source: { nowNs: () => nowNs }, alarm, napNs, isGentle });
  pacer.start();
  for (let turn = 0; turn < 1_000 && begunNs < 0; turn += 1) {
    await settle();
    if (turn % 50 === 49) {
      nowNs += 1e6;
      await clock.advance(1);
    }
  }
  paced.isRunning = false;
  return { lateNs: begunNs - dueNs, turnsBefore, alarms: alarms.length, naps };
}

describe('waiting for what is due', () => {
  it('naps and then turns while nothing is under way, and is in time', async () => {
    const { lateNs, turnsBefore, alarms, naps } = await wait(1e6);
    expect([naps, alarms]).toEqual([1, 0]);
    expect(lateNs).toBeLessThanOrEqual(10_000);
    expect(turnsBefore).toBeLessThan(20);
  });

  it('sets an alarm when answers are slow, so that they are seen when they come', async () => {
    const { lateNs, alarms, naps } = await wait(1e6, { inFlight: 1 });
    expect([naps, alarms]).toEqual([0, 1]);
    expect(lateNs).toBeLessThanOrEqual(10_000);
  });

  it('turns all the time when the next is near', async () => {
    const { lateNs, alarms, naps } = await wait(100_000);
    expect([naps, alarms]).toEqual([0, 0]);
    expect(lateNs).toBeLessThanOrEqual(10_000);
  });

  it('never turns where the target needs the core', async () => {
    const { turnsBefore, naps } = await wait(1e6, { isGentle: true });
    expect(naps).toBe(1);
    expect(turnsBefore).toBe(1);
  });
});
