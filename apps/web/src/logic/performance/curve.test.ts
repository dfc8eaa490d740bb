import { expect, test } from 'vitest';
import { loadCurve } from './curve.ts';

test('stages are drawn in their time, up to the highest rate', () => {
  const curve = loadCurve({
    stages: [
      { fromRps: 0, toRps: 500, durationMs: 30_000 },
      { fromRps: 250, toRps: 250, durationMs: 60_000 },
    ],
  });
  expect(curve?.points).toEqual([
    [0, 0],
    [1 / 3, 1],
    [1 / 3, 0.5],
    [1, 0.5],
  ]);
  expect(curve).toMatchObject({ highestRps: 500, totalMs: 90_000 });
  expect(curve?.summary).toContain('from 0 to 500 requests per second for 0:30, then 250');
});

test('a closed loop asks for no rate, so there is nothing to draw', () => {
  expect(loadCurve({ rps: 'max', closed: true, durationMs: 1_000 })).toBeUndefined();
  expect(loadCurve({ rps: 100 })).toBeUndefined();
});
