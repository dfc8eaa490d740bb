import { Histogram } from '../histogram/histogram.ts';
import type { SparseHistogram } from '../histogram/sparse.ts';
import { ERROR_KINDS, type ErrorKind, type Interval } from './interval.ts';

/** What of an interval adds up. */
export const COUNTS = [
  'scheduled',
  'sent',
  'completed',
  'failed',
  'dropped',
  'bytesSent',
  'bytesReceived',
  'connectionsOpened',
] as const;
export const HISTOGRAMS = ['service', 'response', 'lag', 'errorResponse'] as const;

/** What is left of intervals when it no longer matters whose they were and of which second. */
export interface Totals extends Readonly<Record<(typeof COUNTS)[number], number>> {
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: Readonly<Partial<Record<ErrorKind, number>>>;
  /** The first message of each kind. */
  readonly errorSamples: Readonly<Partial<Record<ErrorKind, string>>>;
  readonly service: SparseHistogram;
  readonly response: SparseHistogram;
  readonly lag: SparseHistogram;
  readonly errorResponse: SparseHistogram;
}

/** The sum of any intervals, without loss: of seconds, of workers, of both. */
export function mergeIntervals(intervals: readonly Interval[]): Totals {
  const statuses: Record<string, number> = {};
  const errors: Partial<Record<ErrorKind, number>> = {};
  const errorSamples: Partial<Record<ErrorKind, string>> = {};
  for (const interval of intervals) {
    for (const [status, count] of Object.entries(interval.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
    for (const kind of ERROR_KINDS) {
      const [count, sample] = [interval.errors[kind], interval.errorSamples[kind]];
      if (count !== undefined) errors[kind] = (errors[kind] ?? 0) + count;
      if (sample !== undefined) errorSamples[kind] ??= sample;
    }
  }
  const counts = COUNTS.map((name) => [name, intervals.reduce((sum, one) => sum + one[name], 0)] as const);
  const scratch = new Histogram();
  const histograms = HISTOGRAMS.map((name) => {
    for (const interval of intervals) scratch.addSparse(interval[name]);
    return [name, scratch.takeSparse()] as const;
  });
  return {
    ...fromEntries(counts),
    ...fromEntries(histograms),
    statuses,
    errors,
    errorSamples,
  };
}

/** `Object.fromEntries` that remembers which names there are. */
function fromEntries<Name extends string, T>(entries: readonly (readonly [Name, T])[]): Record<Name, T> {
  return Object.fromEntries(entries) as Record<Name, T>;
}
