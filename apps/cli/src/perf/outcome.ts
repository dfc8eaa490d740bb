import type { Interval } from '@meshwise/load';
import type { ExperimentRecord, LiveRun, RunRecord } from '@meshwise/performance';

/** What a measurement came to, wherever it ran. */
export type Outcome =
  | { readonly kind: 'run'; readonly record: RunRecord; readonly intervals: readonly Interval[] }
  | { readonly kind: 'experiment'; readonly record: ExperimentRecord };

/** Something that can run a measurement: the daemon, or this process. */
export interface Performer {
  /** What will happen, in words, and the remarks on it. Nothing has been made yet. */
  readonly words: readonly string[];
  readonly warnings: readonly string[];
  /** Runs it to its end. The signal asks for an early one, which keeps what was measured. */
  perform(onLive: (run: LiveRun) => void, stop: AbortSignal): Promise<Outcome>;
  /** The result as one HTML file. */
  report(outcome: Outcome): Promise<string>;
  /** Takes the result out of the store again. */
  forget(outcome: Outcome): Promise<void>;
  close(): Promise<void>;
}

/**
 * 0: done, or stopped by the user. 1: a criterion was not met, or the plan's own limits ended it. 3: nothing could be measured, or
 * the generator was lost.
 */
export function exitCodeOf({ record }: Outcome): 0 | 1 | 3 {
  if (record.state === 'failed' || record.state === 'partial') return 3;
  if (record.state === 'aborted') return 1;
  return 'criteria' in record && record.criteria.some(({ met }) => !met) ? 1 : 0;
}
