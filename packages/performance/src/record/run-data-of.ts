import { type Interval, mergeIntervals, secondsOf } from '@meshwise/load';
import type { RunData } from '../charts/run-data.ts';
import type { RunRecord } from './run-record.ts';

/** What charts and reports need, from what the store has. The warm-up is left out. */
export function runDataOf(record: RunRecord, intervals: readonly Interval[]): RunData {
  const measured = intervals.filter(({ second }) => second >= 0);
  const { service, response, lag, errorResponse } = mergeIntervals(measured);
  return { record, histograms: { service, response, lag, errorResponse }, seconds: secondsOf(measured) };
}
