import { expect, test } from 'vitest';
import type { Figures } from './figures.ts';
import { table } from './table.ts';

const figures: Figures = {
  rounds: 6,
  without: {
    p50Ms: { value: 1.5, low: 1, high: 2 },
    cpuMsPer1000Requests: { value: 400, low: null, high: null },
  },
  p50Ms: { value: 0.12, low: 0.1, high: 0.14, verdict: 'more' },
  p99Ms: { value: -0.5, low: -2, high: 1, verdict: 'within noise' },
  cpuMsPer1000Requests: { value: 30, low: null, high: null, verdict: 'unknown' },
  requests: { off: 4_800, on: 4_799 },
  failed: { off: 0, on: 2 },
};

test('a row says what is added, whether it can be told from nothing, and what failed', () => {
  const { rows, columns } = table([{ name: 'mirror', figures, conditions: [], blocks: [] }]);
  expect(rows).toEqual([
    [
      'mirror',
      '+0.120 [0.100, 0.140]',
      '−0.500 [−2.00, 1.00] within noise',
      '+30.0, no interval',
      '0 of 4800 / 2 of 4799',
      '6',
    ],
  ]);
  expect(rows[0]).toHaveLength(columns.length);
});

test('rounds that were lost are told, with bars that do not end the cell', () => {
  const problem = 'no cluster outbound|9080';
  const [row] = table([{ name: 'mirror', figures, problem, conditions: [], blocks: [] }]).rows;
  expect(row?.at(-1)).toBe('6; others: no cluster outbound\\|9080');
});

test('a function that could not be seen to be on is not measured, and says so', () => {
  const { rows } = table([
    { name: 'mirror', problem: 'to see that it is on took longer than 30 s', conditions: [], blocks: [] },
  ]);
  expect(rows).toEqual([['mirror', 'not measured: to see that it is on took longer than 30 s']]);
});
