import { Histogram } from '../histogram/histogram.ts';
import type { LoadPlan } from '../plan/plan.ts';
import { endsWithItsRequests, meanRps, plannedMs } from '../plan/schedule.ts';
import type { LoadOutcome } from '../run/contract.ts';
import { judgeTrust } from '../trust/judge-trust.ts';
import { distributionOf } from './distribution.ts';
import { busiestCores, elapsedMsOf, usePerWorker } from './generator-use.ts';
import { ERROR_KINDS, type Interval } from './interval.ts';
import { measured } from './seconds.ts';
import type { LoadSummary } from './summary.ts';
import { mergeIntervals, type Totals } from './totals.ts';

export interface SummaryContext {
  readonly plan: LoadPlan;
  readonly outcome: LoadOutcome;
  /** Null when nobody can tell. */
  readonly sharesCoresWithTarget: boolean | null;
}

/**
 * A run in figures. Counts and latencies are of all requests of the measured time, also of those answered after its end; rates
 * are of the time in which there was load. So a server that answers half of the load in time and the rest afterwards is not
 * credited with the whole, and one answer that takes ten seconds more does not halve the rate. The last, partial second counts
 * with the time that it had.
 */
export function summarise(intervals: readonly Interval[], context: SummaryContext): LoadSummary {
  const { plan, outcome, sharesCoresWithTarget } = context;
  const all = measured(intervals);
  const underLoad = all.filter(({ second }) => second * 1_000 < plannedMs(plan));
  const totals = mergeIntervals(all);
  const inTime = mergeIntervals(underLoad);
  // The time of the last request lasts until the next would be due, though the run is over when its answer is there.
  const isWhole = endsWithItsRequests(plan) && outcome.outcome === 'completed';
  const measuredMs = isWhole ? plannedMs(plan) : Math.min(elapsedMsOf(underLoad), plannedMs(plan));
  const figures: Omit<LoadSummary, 'trust'> = {
    measuredMs,
    plannedMs: plannedMs(plan),
    requestedRps: meanRps(plan, measuredMs),
    achievedRps: measuredMs === 0 ? 0 : (inTime.completed / measuredMs) * 1_000,
    scheduled: totals.scheduled,
    sent: totals.sent,
    completed: totals.completed,
    failed: totals.failed,
    dropped: totals.dropped,
    bytesSent: totals.bytesSent,
    bytesReceived: totals.bytesReceived,
    connectionsOpened: totals.connectionsOpened,
    statuses: totals.statuses,
    errors: errorsOf(totals),
    service: distributionOf(Histogram.fromSparse(totals.service)),
    response: distributionOf(Histogram.fromSparse(totals.response)),
    lag: distributionOf(Histogram.fromSparse(totals.lag)),
    errorResponse: distributionOf(Histogram.fromSparse(totals.errorResponse)),
    generator: {
      workers: outcome.workers,
      cores: usePerWorker(underLoad).reduce((sum, { cores }) => sum + cores, 0),
      busiestWorkerCores: busiestCores(underLoad),
      loopDelayMaxMs: all.reduce((most, { generator }) => Math.max(most, generator.loopDelayMaxMs), 0),
      clockResolutionNs: outcome.clockResolutionNs,
      sharesCoresWithTarget,
    },
  };
  const trust = judgeTrust({
    figures,
    outcome,
    pace: plan.pace.kind,
    scheduledInTime: inTime.scheduled,
    sentInTime: inTime.sent,
    loopDelaysMs: underLoad.map(({ generator }) => generator.loopDelayMaxMs),
  });
  return { ...figures, trust };
}

/** The most frequent first. */
function errorsOf({ errors, errorSamples }: Totals): LoadSummary['errors'] {
  return ERROR_KINDS.map((kind) => ({ kind, count: errors[kind] ?? 0, sample: errorSamples[kind] ?? null }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
