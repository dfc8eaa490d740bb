import type { LoadPlan } from '../plan/plan.ts';
import type { Interval } from '../result/interval.ts';
import { abortReason } from '../result/window.ts';

/** Workers report a second one after the other, and a busy one later than others. */
const LATE_SECONDS = 10;

/** Judges a plan's criteria on intervals as they arrive, and keeps no more of them than that takes. */
export function abortJudge(plan: LoadPlan): (interval: Interval) => string | null {
  const keptSeconds = Math.ceil(plan.abort.windowMs / 1_000) + LATE_SECONDS;
  let recent: readonly Interval[] = [];
  return (interval) => {
    const oldest = interval.second - keptSeconds;
    recent = [...recent.filter(({ second }) => second >= oldest), interval];
    return abortReason(plan, recent);
  };
}
