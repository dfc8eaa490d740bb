import { expect, test } from 'vitest';
import { experiment } from '../../../test/experiment-fixtures.ts';
import { liveRun, running, runRecord } from '../../../test/performance-fixtures.ts';
import { liveOf, progressOf, resultRows } from './result-rows.ts';

test('runs and experiments are one list, newest first', () => {
  const at = (minute: number) => new Date(minute * 60_000).toISOString();
  const rows = resultRows(
    [runRecord({ id: 'old', startedAt: at(1) }), runRecord({ id: 'new', startedAt: at(3) })],
    [experiment({ id: 'between', startedAt: at(2) })],
  );
  expect(rows.map(({ id, kind }) => `${kind} ${id}`)).toEqual(['run new', 'experiment between', 'run old']);
});

test('what has measured nothing, or still runs, cannot be compared', () => {
  const rows = resultRows([runRecord(), running(), runRecord({ id: 'failed', state: 'failed', summary: null })], []);
  expect(rows.filter(({ comparable }) => comparable).map(({ id }) => id)).toEqual(['run-1']);
});

test('a block of an experiment is followed by what is said of its experiment', () => {
  const live = [liveRun({ id: 'exp-1', step: 'block 4 of 15' })];
  expect(liveOf(live, 'block-4', 'exp-1')?.step).toBe('block 4 of 15');
  expect(liveOf(live, 'block-4', undefined)).toBeUndefined();
});

test('progress stays between nothing and all', () => {
  expect(progressOf({ elapsedMs: 0, remainingMs: 0 })).toBe(0);
  expect(progressOf({ elapsedMs: 12_000, remainingMs: 18_000 })).toBe(0.4);
  expect(progressOf({ elapsedMs: 31_000, remainingMs: -1_000 })).toBe(1);
});
