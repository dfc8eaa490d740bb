import { describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from './clock.ts';

describe('the manual clock', () => {
  it('stands still until told to move', async () => {
    const clock = new ManualClock(1_000);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_000, 1_000]);
    await clock.advance(250);
    expect(clock.nowMs()).toBe(1_250);
  });

  it('calls back in order of time, each at its own moment', async () => {
    const clock = new ManualClock();
    const seen: [string, number][] = [];
    clock.after(30, () => seen.push(['late', clock.nowMs()]));
    clock.after(10, () => {
      seen.push(['early', clock.nowMs()]);
      clock.after(5, () => seen.push(['between', clock.nowMs()]));
    });
    await clock.advance(100);
    expect(seen).toEqual([
      ['early', 10],
      ['between', 15],
      ['late', 30],
    ]);
  });

  it('does not call back what was cancelled', async () => {
    const clock = new ManualClock();
    let called = false;
    const cancel = clock.after(10, () => {
      called = true;
    });
    cancel();
    await clock.advance(20);
    expect(called).toBe(false);
  });

  it('ends a sleep early, with the reason, when its signal aborts', async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const sleep = clock.sleep(1_000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
  });
});

describe('the system clock', () => {
  it('sleeps, and refuses to when the signal has aborted already', async () => {
    const before = systemClock.monotonicMs();
    await systemClock.sleep(5);
    expect(systemClock.monotonicMs()).toBeGreaterThan(before);
    await expect(systemClock.sleep(5, AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
  });
});
