/**
 * What the CLI does on the machine itself, without a daemon. A port, so that tests need neither Envoy nor its download, and
 * so that commands which only speak to the daemon do not load the platform.
 */
export type Platform = Pick<
  typeof import('@meshwise/platform'),
  | 'cleanUp'
  | 'ensureEnvoy'
  | 'findMarkedProcesses'
  | 'injectTemplate'
  | 'isAlive'
  | 'MARK'
  | 'readProcessStat'
  | 'runDoctor'
  | 'SANDBOX_PATH'
  | 'standardChecks'
>;

export async function loadPlatform(): Promise<Platform> {
  return import('@meshwise/platform');
}
