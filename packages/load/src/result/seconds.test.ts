import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goodSecond, someIntervals, sparseOf } from '../testing/intervals.ts';
import { measured, secondsOf } from './seconds.ts';
import { mergeIntervals } from './totals.ts';

describe('the seconds of a run', () => {
  it('add up to the run, without the warm-up', () => {
    fc.assert(
      fc.property(someIntervals, (intervals) => {
        const seconds = secondsOf(intervals);
        const totals = mergeIntervals(measured(intervals));
        for (const name of ['scheduled', 'completed', 'failed', 'dropped'] as const) {
          expect(seconds.reduce((sum, one) => sum + one[name], 0)).toBe(totals[name]);
        }
        const numbers = seconds.map(({ second }) => second);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        expect(numbers.every((second) => second >= 0)).toBe(true);
      }),
    );
  });

  it('add up the workers, and take what is under way from the end of each', () => {
    const generator = { elapsedMs: 500, cpuMs: 100, loopDelayMaxMs: 1 };
    const seconds = secondsOf([
      goodSecond(0, 10, 1, { worker: 0, inFlight: 9, backlog: 9, generator }),
      goodSecond(0, 10, 1, { worker: 0, inFlight: 1, backlog: 2, generator: { ...generator, cpuMs: 300 } }),
      goodSecond(0, 10, 3, { worker: 1, inFlight: 3, backlog: 4, lag: sparseOf(7), generator }),
      goodSecond(-1, 10, 1),
    ]);
    expect(seconds).toEqual([
      {
        second: 0,
        scheduled: 30,
        completed: 30,
        failed: 0,
        dropped: 0,
        inFlight: 4,
        backlog: 6,
        responseP50Ms: expect.closeTo(1, 2),
        responseP99Ms: expect.closeTo(3, 2),
        serviceP50Ms: expect.closeTo(1, 2),
        serviceP99Ms: expect.closeTo(3, 2),
        lagP99Ms: expect.closeTo(7, 1),
        // 0.4 of a core, and 0.2 of another.
        generatorCores: expect.closeTo(0.6, 9),
      },
    ]);
  });

  it('have no latency when nothing came back', () => {
    const [second] = secondsOf([goodSecond(3, 0, 1)]);
    expect(second).toMatchObject({ second: 3, responseP50Ms: null, serviceP99Ms: null, lagP99Ms: null });
  });
});
