import { Histogram } from '../histogram/histogram.ts';
import { durationWords } from '../plan/duration.ts';
import type { LoadPlan } from '../plan/plan.ts';
import { latencyWords, numberWords } from '../plan/words.ts';
import type { Interval } from './interval.ts';
import { measured } from './seconds.ts';
import { mergeIntervals } from './totals.ts';

/** A second that was cut off at the end is not whole; one that was a little late is. */
const WHOLE_MS = 900;

/**
 * The intervals of the last seconds that make up `windowMs`, of those that every worker has reported as a whole, the warm-up left
 * out. Empty as long as there are not so many.
 */
export function windowOf(intervals: readonly Interval[], windowMs: number, workers = 1): readonly Interval[] {
  const bySecond = Map.groupBy(measured(intervals), ({ second }) => second);
  const whole = [...bySecond].filter(([, group]) => {
    const reported = group.filter(({ generator }) => generator.elapsedMs >= WHOLE_MS);
    return new Set(reported.map(({ worker }) => worker)).size >= workers;
  });
  const seconds = Math.max(1, Math.floor(windowMs / 1_000));
  const last = whole.sort(([a], [b]) => a - b).slice(-seconds);
  return last.length < seconds ? [] : last.flatMap(([, group]) => group);
}

/** Why the plan's criteria end the run now, in a sentence; null when they do not. */
export function abortReason(plan: LoadPlan, intervals: readonly Interval[]): string | null {
  const { errorPercent, responseP99Ms, windowMs } = plan.abort;
  if (errorPercent === null && responseP99Ms === null) return null;
  const { completed, failed, response } = mergeIntervals(windowOf(intervals, windowMs, plan.workers));
  const over = `over the last ${durationWords(windowMs)}`;
  const failedPercent = completed + failed === 0 ? 0 : (failed / (completed + failed)) * 100;
  if (errorPercent !== null && failedPercent > errorPercent) {
    const found = numberWords(Number(failedPercent.toPrecision(3)));
    return `${found} % of the requests failed ${over}, more than the ${numberWords(errorPercent)} % that the plan allows`;
  }
  const p99Ms = Histogram.fromSparse(response).valueAtPercentile(99) / 1_000_000;
  if (responseP99Ms === null || p99Ms <= responseP99Ms) return null;
  return `the 99th percentile of response times was ${latencyWords(p99Ms)} ${over}, more than the ${latencyWords(responseP99Ms)} that the plan allows`;
}
