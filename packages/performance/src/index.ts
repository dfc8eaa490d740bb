export {
  AddedReport,
  Difference,
  Estimate,
  ExperimentRecord,
  OverheadReport,
  Reference,
  VariantReport,
} from './record/experiment-record.ts';
export { LiveRun } from './record/live.ts';
export type { ListQuery, Page, ResultRepository } from './record/repository.ts';
export {
  Criterion,
  CriterionOutcome,
  PathVariant,
  RunEnvironment,
  RunRecord,
  RunState,
  RunTarget,
  UseRecord,
  UseRole,
} from './record/run-record.ts';
export type { PreparedExperiment, PreparedRun, UseProbe, UseReading } from './run/ports.ts';
