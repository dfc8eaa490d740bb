export { hdrLog } from './export/hdr-log.ts';
export { type ExperimentFormat, exportExperiment, exportRun, type RunFormat } from './export/result-file.ts';
export { environmentOf, type KnownEnvironment } from './run/environment.ts';
export type { Unstored } from './run/result.ts';
export { RunService, type RunServiceOptions } from './run/run-service.ts';
