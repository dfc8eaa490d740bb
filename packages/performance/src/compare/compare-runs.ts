import { MeshwiseError } from '@meshwise/core';
import type { Interval, LoadSummary } from '@meshwise/load';
import type { RunRecord } from '../record/run-record.ts';
import { estimateOf, minus, type Sampled, verdictOn } from '../statistics/estimate.ts';
import type { Comparison, ComparisonCell, ComparisonRow, ComparisonVerdict } from './comparison.ts';
import { percentOf } from './percent.ts';
import { METRICS, type Metric, sampleRun } from './run-figures.ts';
import { useRows } from './use-rows.ts';
import { comparisonWarnings } from './warnings.ts';
import { whatDiffers } from './what-differs.ts';

export interface RunToCompare {
  readonly record: RunRecord;
  readonly intervals: readonly Interval[];
}

interface Measured extends RunToCompare {
  readonly summary: LoadSummary;
  readonly figures: ReadonlyMap<Metric, Sampled>;
}

/**
 * Two to five runs, figure by figure against the first. Runs that are not alike are compared all the same, with what differs and a
 * warning. Two runs say nothing about how the next ones would differ, which a warning says too. Throws MW8007.
 */
export function compareRuns(runs: readonly RunToCompare[]): Comparison {
  const measured = runs.map(measuredRun);
  const [baseline, ...others] = measured;
  if (baseline === undefined || others.length < 1 || others.length > 4) {
    throw new MeshwiseError('MW8007', 'a comparison takes two to five results', { found: String(runs.length) });
  }
  const records = measured.map(({ record }) => record);
  const differences = whatDiffers(records);
  return {
    runs: measured.map(({ record, summary }) => ({
      id: record.id,
      name: record.name,
      state: record.state,
      startedAt: record.startedAt,
      target: record.target.text,
      trust: summary.trust.verdict,
    })),
    rows: [...METRICS.map((metric) => rowOf(metric, baseline, others)), ...useRows(records)],
    differences: differences.map(({ what, values, words }) => ({ what, values, words })),
    warnings: comparisonWarnings(records, differences),
  };
}

function measuredRun(run: RunToCompare): Measured {
  const { record, intervals } = run;
  if (record.summary === null || !intervals.some(({ second }) => second >= 0)) {
    const state = record.state === 'running' ? 'still runs' : 'has measured nothing';
    throw new MeshwiseError('MW8007', `the run ${record.id} ${state}`);
  }
  return { ...run, summary: record.summary, figures: sampleRun(record.id, intervals) };
}

function rowOf(metric: Metric, baseline: Measured, others: readonly Measured[]): ComparisonRow {
  const before = baseline.figures.get(metric);
  return {
    metric: metric.metric,
    label: metric.label,
    unit: metric.unit,
    baseline: known(before?.value),
    runs: others.map((run) => cellOf(metric, baseline, run)),
  };
}

function cellOf(metric: Metric, baseline: Measured, run: Measured): ComparisonCell {
  const [before, after] = [baseline.figures.get(metric), run.figures.get(metric)];
  const nothing = { value: null, low: null, high: null };
  const difference = before === undefined || after === undefined ? nothing : estimateOf(minus(after, before));
  const reason = reasonAgainst(metric, baseline, run, difference);
  return {
    runId: run.record.id,
    value: known(after?.value),
    difference,
    percent: percentOf(difference.value, known(before?.value)),
    verdict: reason === null ? judge(metric.better, verdictOn(difference)) : 'unknown',
    reason,
  };
}

function reasonAgainst(
  { metric }: Metric,
  baseline: Measured,
  run: Measured,
  difference: ComparisonCell['difference'],
): string | null {
  if (difference.value === null) return 'one of the runs has no such figure';
  if (metric === 'achievedRps' && baseline.summary.requestedRps !== run.summary.requestedRps) {
    return 'the runs were asked for different rates';
  }
  return difference.low === null ? 'single run: too few seconds for an interval' : null;
}

function judge(better: Metric['better'], verdict: ReturnType<typeof verdictOn>): ComparisonVerdict {
  if (verdict === 'within noise' || verdict === 'unknown') return verdict;
  return (verdict === 'more') === (better === 'higher') ? 'better' : 'worse';
}

function known(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
