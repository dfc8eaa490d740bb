import { systemClock } from '@meshwise/core';
import type { LoadPlan } from '../plan/plan.ts';
import type { Interval } from '../result/interval.ts';
import { summarise } from '../result/summarise.ts';
import type { LoadSummary } from '../result/summary.ts';
import type { LoadOutcome } from '../run/contract.ts';
import { type LoadRunHandle, startLoad } from '../run/start-load.ts';

export interface RanLoad {
  readonly outcome: LoadOutcome;
  readonly intervals: readonly Interval[];
  readonly summary: LoadSummary;
}

export interface RunLoadOptions {
  /** Called with the handle after the first interval. */
  readonly onFirstInterval?: (handle: LoadRunHandle) => void;
}

/** A whole run in real worker processes. */
export async function runLoad(plan: LoadPlan, { onFirstInterval }: RunLoadOptions = {}): Promise<RanLoad> {
  const intervals: Interval[] = [];
  const handle = startLoad(plan, {
    clock: systemClock,
    onIntervals: (arrived) => {
      if (intervals.length === 0) onFirstInterval?.(handle);
      intervals.push(...arrived);
    },
  });
  const outcome = await handle.done;
  return { outcome, intervals, summary: summarise(intervals, { plan, outcome, sharesCoresWithTarget: true }) };
}
