export type { SparseHistogram } from './histogram/sparse.ts';
export { LoadInput, RequestInput } from './plan/input.ts';
export { LoadAbort, LoadConnections, LoadPace, LoadPlan, LoadRequest, LoadStage, LoadTls } from './plan/plan.ts';
export { ERROR_KINDS, type ErrorKind, type GeneratorUse, type Interval } from './result/interval.ts';
export { Distribution, LoadSummary, SecondView, Trust, Verdict } from './result/summary.ts';
export type { FromWorker, LaunchWorker, LoadOutcome, Shard, ToWorker, WorkerProcess } from './run/contract.ts';
