import type { Interval } from '@meshwise/load';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { RunRecord } from '../record/run-record.ts';

/** Everything that is kept of a run: whoever has this can compute every figure again. */
export interface RunExport {
  readonly format: 'meshwise-run';
  readonly version: 1;
  readonly record: RunRecord;
  readonly intervals: readonly Interval[];
}

export interface ExperimentExport {
  readonly format: 'meshwise-experiment';
  readonly version: 1;
  readonly experiment: ExperimentRecord;
  readonly blocks: readonly { readonly record: RunRecord; readonly intervals: readonly Interval[] }[];
}

export function runJson(record: RunRecord, intervals: readonly Interval[]): string {
  const content: RunExport = { format: 'meshwise-run', version: 1, record, intervals };
  return `${JSON.stringify(content)}\n`;
}

export function experimentJson(experiment: ExperimentRecord, blocks: ExperimentExport['blocks']): string {
  const content: ExperimentExport = { format: 'meshwise-experiment', version: 1, experiment, blocks };
  return `${JSON.stringify(content)}\n`;
}
