import { mergeIntervals, secondsOf } from '@meshwise/load';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOf } from './folded-intervals.ts';
import { RunLog } from './run-log.ts';
import { intervalOf } from './testing/intervals.ts';
import { useRecords } from './use-records.ts';

const WORKERS = 2;
const LIMITS = { mostNumbers: 1_000, mostReadings: 100 };

/** A run of so many seconds after a warm-up of three, in which every second is unlike the others. */
function longRun(seconds: number, limits = LIMITS) {
  const [log, all] = [new RunLog(limits), new RunLog()];
  for (let second = -3; second < seconds; second += 1) {
    for (let worker = 0; worker < WORKERS; worker += 1) {
      const shape = { worker, second, completed: 10 + (second % 7), responseMs: 1 + (second % 13) + worker / 2 };
      const entry = {
        atMs: (second + 4) * 1_000,
        intervals: [intervalOf({ ...shape, failed: second % 5 === 0 ? 1 : 0 })],
      };
      log.add(entry);
      all.add(entry);
    }
  }
  return { log, all };
}

const measured = (log: RunLog) => log.intervals.filter(({ second }) => second >= 0);

describe('the log of a run', () => {
  it('holds a day without growing with it, and adds up to the same (000-58)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (seconds) => {
        const { log, all } = longRun(seconds);
        const numbers = log.intervals.reduce((sum, interval) => sum + sizeOf(interval), 0);
        expect(numbers).toBeLessThanOrEqual(LIMITS.mostNumbers);
        expect(mergeIntervals(measured(log))).toEqual(mergeIntervals(measured(all)));
        expect(log.window).toEqual(all.window);
        const counts = (of: RunLog) => secondsOf(of.intervals).map(({ completed, failed }) => [completed, failed]);
        expect(counts(log)).toEqual(counts(all));
      }),
      { numRuns: 4 },
    );
  });

  it('keeps every second of a run that is not long', () => {
    const { log, all } = longRun(20, { mostNumbers: 1_000_000, mostReadings: 1_000_000 });
    expect([log.stepSeconds, log.intervals]).toEqual([1, all.intervals]);
    expect(longRun(300).log.stepSeconds).toBeGreaterThan(4);
  });

  it('knows what everyone used all the same', () => {
    const [log, all] = [new RunLog(LIMITS), new RunLog()];
    for (let atMs = 0; atMs <= 600_000; atMs += 1_000) {
      const entry = { atMs, readings: [{ role: 'sidecar', name: 'a', cpuMs: atMs / 10, memoryBytes: 100 } as const] };
      log.add(entry);
      all.add(entry);
    }
    expect(log.readings.length).toBeLessThanOrEqual(LIMITS.mostReadings);
    const use = ({ readings }: RunLog) =>
      useRecords(readings, { fromMs: 0, toMs: 600_000 }, 1_000).map(({ samples: _, ...rest }) => rest);
    expect(use(log)).toEqual(use(all));
  });
});
