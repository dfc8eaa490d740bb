import type { LoadSummary, Trust } from '../result/summary.ts';
import type { LoadOutcome } from '../run/contract.ts';

/** What trust in a run is judged by. */
export interface TrustFacts {
  readonly figures: Omit<LoadSummary, 'trust'>;
  readonly outcome: LoadOutcome;
  readonly pace: 'open' | 'closed';
  /** Before the planned end, without what was sent late after it. */
  readonly scheduledInTime: number;
  readonly sentInTime: number;
  /** How late the event loop was for what was due, at the worst, in each second of each worker. */
  readonly loopDelaysMs: readonly number[];
}

export type TrustCheck = Trust['checks'][number];

/** The lag that does not matter: a millisecond, or a tenth of what is measured. */
export function allowedLagMs({ figures: { response } }: TrustFacts): number {
  return Math.max(1, (response.p99Ms ?? 0) / 10);
}

export function isLate(facts: TrustFacts): boolean {
  return (facts.figures.lag.p99Ms ?? 0) > allowedLagMs(facts);
}

/** Whether requests have a time at which they are due; in a closed loop only a cap gives them one. */
export function isPaced({ pace, figures }: TrustFacts): boolean {
  return pace === 'open' || figures.requestedRps !== null;
}

/** The event loop's worst delay in an ordinary second, which a single hiccup does not change. */
export function usualLoopDelayMs({ loopDelaysMs }: TrustFacts): number {
  return loopDelaysMs.toSorted((a, b) => a - b)[Math.floor(loopDelaysMs.length / 2)] ?? 0;
}

/**
 * The share of the time in which the event loop stood still for longer than is allowed. Of each second only the worst is known,
 * so it may have been more.
 */
export function standstillShare(facts: TrustFacts): number {
  const { generator, measuredMs } = facts.figures;
  const allowedMs = allowedLagMs(facts);
  const lateMs = facts.loopDelaysMs.reduce((sum, delayMs) => sum + Math.max(0, delayMs - allowedMs), 0);
  return measuredMs === 0 ? 0 : lateMs / (measuredMs * Math.max(1, generator.workers));
}
