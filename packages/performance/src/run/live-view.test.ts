import { completePlan } from '@meshwise/load';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveView } from './live-view.ts';
import { intervalOf } from './testing/intervals.ts';

const INPUT = { stages: [{ fromRps: 100, toRps: 200, durationMs: 10_000 }], warmUpMs: 2_000, workers: 2 };
const plan = completePlan(INPUT, 'http://localhost/', { cores: 4, seed: 1 });

function view(): LiveView {
  return new LiveView({ id: 'a', name: 'run', step: null, plan });
}

describe('the live view', () => {
  it('is empty before there is anything', () => {
    expect(new LiveView({ id: 'a', name: 'run', step: 'preparing' }).snapshot(5_000)).toMatchObject({
      step: 'preparing',
      phase: 'preparing',
      elapsedMs: 0,
      remainingMs: 0,
      requestedRps: null,
      achievedRps: 0,
      seconds: [],
      response: { count: 0, p99Ms: null },
    });
  });

  it('counts time from the first load on, through all phases', () => {
    const subject = view();
    const phaseAt = (nowMs: number) => {
      const { phase, elapsedMs, remainingMs } = subject.snapshot(nowMs);
      return [phase, elapsedMs, remainingMs];
    };
    expect(phaseAt(1_000)).toEqual(['preparing', 0, 12_000]);
    subject.enter('warming up', 5_000);
    expect(phaseAt(6_000)).toEqual(['warming up', 1_000, 11_000]);
    subject.enter('measuring', 7_000);
    expect(phaseAt(16_000)).toEqual(['measuring', 11_000, 1_000]);
    expect(phaseAt(18_000), 'answers are awaited').toEqual(['ending', 13_000, 0]);
  });

  it('says what was asked for and what came in the last second that every worker has told of', () => {
    const subject = view();
    subject.add([intervalOf({ second: -1, completed: 900 })]);
    for (const second of [0, 1, 2]) {
      subject.add([intervalOf({ worker: 0, second, completed: 50 }), intervalOf({ worker: 1, second, completed: 40 })]);
    }
    subject.add([intervalOf({ worker: 0, second: 3, completed: 70 })]);
    expect(subject.snapshot(0)).toMatchObject({ achievedRps: 90, requestedRps: 125, completed: 340, inFlight: 1 });
  });

  it('takes neither the last part of a second, nor two parts of one worker, for a second', () => {
    const subject = view();
    subject.add([0, 1].map((worker) => intervalOf({ worker, second: 0, completed: 50 })));
    subject.add([0, 1].map((worker) => intervalOf({ worker, second: 1, completed: 5, elapsedMs: 100 })));
    expect(subject.snapshot(0)).toMatchObject({ achievedRps: 100, completed: 110 });
  });

  it('has the percentiles of everything since the start, however it came in', () => {
    const shape = fc.record({
      worker: fc.nat(1),
      second: fc.nat(300),
      completed: fc.integer({ min: 1, max: 50 }),
      failed: fc.nat(3),
      responseMs: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(shape, { minLength: 1, maxLength: 40 }), (shapes) => {
        const subject = view();
        for (const one of shapes) subject.add([intervalOf(one)]);
        const values = shapes.flatMap(({ completed, responseMs }) => Array<number>(completed).fill(responseMs));
        values.sort((a, b) => a - b);
        const { response, failed, errors, seconds } = subject.snapshot(0);
        expect(response.count).toBe(values.length);
        const p50 = values[Math.ceil(values.length / 2) - 1] ?? 0;
        expect(Math.abs((response.p50Ms ?? 0) / p50 - 1)).toBeLessThan(0.002);
        expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(failed);
        const newest = Math.max(...shapes.map(({ second }) => second));
        const shown = new Set(shapes.map(({ second }) => second).filter((second) => second > newest - 120));
        expect(seconds.filter(({ second }) => !shown.has(second))).toEqual([]);
        expect(seconds.at(-1)?.second).toBe(newest);
      }),
    );
  });

  it('works a second out again when more of it comes', () => {
    const subject = view();
    subject.add([intervalOf({ worker: 0, second: 0, completed: 50 })]);
    expect(subject.snapshot(0).seconds).toMatchObject([{ second: 0, completed: 50 }]);
    subject.add([intervalOf({ worker: 1, second: 0, completed: 40 })]);
    expect(subject.snapshot(0).seconds).toMatchObject([{ second: 0, completed: 90 }]);
  });
});
