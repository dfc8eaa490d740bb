import { type LoadOutcome, summarise } from '@meshwise/load';
import type { RunRecord, RunState } from '../record/run-record.ts';
import { judgeCriteria } from './criteria.ts';
import { withGeneratorCpu } from './generator-use.ts';
import { noteOf, sentence } from './run-context.ts';
import type { RunLog } from './run-log.ts';
import { useRecords } from './use-records.ts';

export interface RunEnd {
  readonly log: RunLog;
  readonly outcome: LoadOutcome;
  readonly endedAt: string;
  readonly sharesCoresWithTarget: boolean | null;
  /** What else is to be said. */
  readonly notes: readonly (string | undefined)[];
}

/** The record of a run that has ended, however it did. What was measured counts, and nothing else. */
export function concludeRun(record: RunRecord, end: RunEnd): RunRecord {
  const { log, outcome, endedAt, sharesCoresWithTarget, notes } = end;
  const summary = log.hasMeasured
    ? summarise(log.intervals, { plan: record.plan, outcome, sharesCoresWithTarget })
    : null;
  const completed = summary?.completed ?? 0;
  return {
    ...record,
    state: stateOf(outcome.outcome, log.hasMeasured),
    note: noteOf([reasonOf(outcome, log.hasMeasured), ...notes, detailOf(log)]),
    endedAt,
    summary,
    use: log.hasMeasured
      ? withGeneratorCpu(useRecords(log.readings, log.window, completed), log.intervals, completed)
      : [],
    criteria: judgeCriteria(record.criteria, summary),
  };
}

function reasonOf({ reason }: LoadOutcome, hasMeasured: boolean): string | null {
  if (reason !== null) return sentence(reason);
  return hasMeasured ? null : 'Nothing was measured.';
}

function detailOf({ stepSeconds }: RunLog): string | null {
  return stepSeconds === 1 ? null : `The run was long: percentiles over time are those of ${stepSeconds} s each.`;
}

function stateOf(outcome: LoadOutcome['outcome'], hasMeasured: boolean): RunState {
  switch (outcome) {
    case 'stopped':
    case 'aborted':
      return outcome;
    case 'completed':
      return hasMeasured ? 'finished' : 'failed';
    case 'lost':
    case 'failed':
      return hasMeasured ? 'partial' : 'failed';
  }
}
