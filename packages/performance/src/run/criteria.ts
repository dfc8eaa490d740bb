import type { LoadSummary } from '@meshwise/load';
import type { Criterion, CriterionOutcome } from '../record/run-record.ts';

/** What came of each criterion. What was not measured is not met: silence is no proof. */
export function judgeCriteria(criteria: readonly Criterion[], summary: LoadSummary | null): CriterionOutcome[] {
  return criteria.map((criterion) => {
    const measured = summary === null ? null : measuredOf(criterion.metric, summary);
    return { ...criterion, measured, met: measured !== null && isMet(criterion, measured) };
  });
}

function isMet({ metric, limit }: Criterion, measured: number): boolean {
  return metric === 'achievedPercent' ? measured >= limit : measured <= limit;
}

function measuredOf(metric: Criterion['metric'], summary: LoadSummary): number | null {
  const { completed, dropped, scheduled, response } = summary;
  const failed = failedOf(summary);
  switch (metric) {
    case 'responseP50Ms':
      return response.p50Ms;
    case 'responseP99Ms':
      return response.p99Ms;
    case 'errorPercent':
      return percent(failed + dropped, completed + failed + dropped);
    case 'achievedPercent':
      return summary.requestedRps === null
        ? percent(completed, scheduled)
        : percent(summary.achievedRps, summary.requestedRps);
  }
}

/** Without the requests that a stop cut off, which nothing was wrong with. */
function failedOf({ failed, errors }: LoadSummary): number {
  return failed - (errors.find(({ kind }) => kind === 'stopped')?.count ?? 0);
}

function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : (part / whole) * 100;
}
