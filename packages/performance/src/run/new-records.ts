import { redactPlan } from '@meshwise/load';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import type { PathVariant, RunRecord } from '../record/run-record.ts';
import type { PreparedExperiment, PreparedRun } from './ports.ts';
import { type RunContext, timeText } from './run-context.ts';
import { newRunId } from './run-id.ts';

/** The record of a run that is about to begin. */
export function newRunRecord(
  { clock, random }: RunContext,
  prepared: PreparedRun,
  experiment: RunRecord['experiment'] = null,
): RunRecord {
  const { name, target, plan, words, command, environment, criteria } = prepared;
  const nowMs = clock.nowMs();
  return {
    id: newRunId(nowMs, random),
    name,
    state: 'running',
    note: null,
    startedAt: timeText(nowMs),
    endedAt: null,
    target,
    plan: redactPlan(plan),
    words: [...words],
    command,
    environment,
    summary: null,
    use: [],
    criteria: criteria.map((criterion) => ({ ...criterion, measured: null, met: false })),
    experiment,
  };
}

/** The record of an experiment that is about to begin. */
export function newExperimentRecord({ clock, random }: RunContext, prepared: PreparedExperiment): ExperimentRecord {
  const { name, target, words, command, environment, variants, rounds, blockMs, seed } = prepared;
  const nowMs = clock.nowMs();
  return {
    id: newRunId(nowMs, random),
    name,
    kind: 'compare-mesh',
    state: 'running',
    note: null,
    startedAt: timeText(nowMs),
    endedAt: null,
    target,
    words: [...words],
    command,
    environment,
    variants: [...variants],
    onPath: variants.map((variant) => ({ variant, ...pathOf(prepared, variant) })),
    rounds,
    blockMs,
    seed,
    blocks: [],
    report: null,
  };
}

function pathOf({ onPath }: PreparedExperiment, variant: PathVariant) {
  const { sidecars, applications } = onPath(variant);
  return { sidecars: [...sidecars], applications: [...applications] };
}
