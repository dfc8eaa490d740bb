import { Verdict } from '@meshwise/load';
import Type from 'typebox';
import { Estimate } from '../record/experiment-record.ts';
import { RunState } from '../record/run-record.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** `unknown` says why in `reason`: there is one figure only, or what was asked for differs. */
export const ComparisonVerdict = Type.Enum(['better', 'worse', 'within noise', 'unknown']);
export type ComparisonVerdict = Type.Static<typeof ComparisonVerdict>;

export const ComparedRun = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: RunState,
  startedAt: Type.String(),
  target: Type.String(),
  trust: Verdict,
});
export type ComparedRun = Type.Static<typeof ComparedRun>;

export const ComparisonUnit = Type.Enum(['ms', 'rps', 'percent', 'cpu-ms', 'bytes']);
export type ComparisonUnit = Type.Static<typeof ComparisonUnit>;

export const ComparisonCell = Type.Object({
  runId: Type.String(),
  value: Nullable(Type.Number()),
  /** What the run has more than the baseline, with its 95 % interval. */
  difference: Estimate,
  /** The difference in percent of the baseline; null where that is zero. */
  percent: Nullable(Type.Number()),
  verdict: ComparisonVerdict,
  reason: Nullable(Type.String()),
});
export type ComparisonCell = Type.Static<typeof ComparisonCell>;

export const ComparisonRow = Type.Object({
  metric: Type.String(),
  label: Type.String(),
  unit: ComparisonUnit,
  baseline: Nullable(Type.Number()),
  /** Every run but the baseline, in their order. */
  runs: Type.Array(ComparisonCell),
});
export type ComparisonRow = Type.Static<typeof ComparisonRow>;

/** Something besides the figures in which the runs are not alike. */
export const ComparisonDifference = Type.Object({
  what: Type.String(),
  /** One for each run, the baseline first. */
  values: Type.Array(Type.String()),
  /** In one sentence. */
  words: Type.String(),
});
export type ComparisonDifference = Type.Static<typeof ComparisonDifference>;

/** Two to five runs; the first is the baseline. */
export const Comparison = Type.Object({
  runs: Type.Array(ComparedRun),
  rows: Type.Array(ComparisonRow),
  differences: Type.Array(ComparisonDifference),
  /** Why the figures may not mean what they seem to; they are shown nevertheless. */
  warnings: Type.Array(Type.String()),
});
export type Comparison = Type.Static<typeof Comparison>;
