export { type EnvoyOptions, ensureEnvoy, locateEnvoy, whatPreventsFetching } from './ensure-envoy.ts';
export { defaultCacheDirectory } from './envoy-cache.ts';
export { ENVOY_RELEASE, type EnvoyRelease } from './envoy-release.ts';
export type { Envoy, EnvoySource, SetupProgress } from './find-envoy.ts';
export { findPip, findPython, type Pip, type Python } from './python-tools.ts';
export { type CommandResult, type RunCommand, runCommand } from './run-command.ts';
