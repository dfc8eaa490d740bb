import type { RunData } from '../charts/run-data.ts';
import { type ComparisonData, comparisonReport } from './comparison-report.ts';
import { type ExperimentData, experimentReport } from './experiment-report.ts';
import { runReport } from './run-report.ts';

export type ReportInput =
  | ({ readonly kind: 'run' } & RunData)
  | ({ readonly kind: 'experiment' } & ExperimentData)
  | ({ readonly kind: 'comparison' } & ComparisonData);

/**
 * A result as one HTML file: figures, drawings with their tables, what was asked for, where it ran and the command that does it
 * again. It has no script and asks the network for nothing, and what names and errors hold is text in it and nothing else.
 */
export function renderHtmlReport(input: ReportInput): string {
  switch (input.kind) {
    case 'run':
      return runReport(input);
    case 'experiment':
      return experimentReport(input);
    case 'comparison':
      return comparisonReport(input);
  }
}
