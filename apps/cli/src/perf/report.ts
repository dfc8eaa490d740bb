import { renderHtmlReport, runDataOf } from '@meshwise/performance';
import type { Outcome } from './outcome.ts';

/** The result as one HTML file. */
export function reportOf(outcome: Outcome): string {
  return outcome.kind === 'experiment'
    ? renderHtmlReport({ kind: 'experiment', experiment: outcome.record })
    : renderHtmlReport({ kind: 'run', ...runDataOf(outcome.record, outcome.intervals) });
}
