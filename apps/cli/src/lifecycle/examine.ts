import type { CliContext } from '../context.ts';
import type { Platform } from '../platform.ts';
import { readDaemonRecord, stateDirectory } from '../state-directory.ts';

type Report = Awaited<ReturnType<Platform['runDoctor']>>;

/** Every check of the platform on this machine and this state directory. */
export async function examine(context: CliContext): Promise<Report> {
  const platform = await context.platform();
  const state = stateDirectory(context.env);
  const record = await readDaemonRecord(state);
  const alive = record !== undefined && (await platform.isAlive(record.pid, record.startTicks));
  const started = await platform.findMarkedProcesses(platform.MARK, state.path);
  const checks = platform.standardChecks({
    clock: context.clock,
    env: context.env,
    stateDirectory: state.path,
    launcherPath: platform.SANDBOX_PATH,
    ports: [
      { port: 8080, purpose: 'gateway', changedBy: '--gateway-port' },
      { port: 15_080, purpose: 'API and interface', changedBy: '--api-port' },
    ],
    ownPids: new Set([...started, ...(record === undefined ? [] : [record.pid])]),
    readLock: async () => (record === undefined ? undefined : { pid: record.pid, alive }),
    // While a daemon runs, what it started is not left over.
    findLeftovers: async () =>
      alive ? [] : started.map((pid) => ({ kind: 'process' as const, description: `pid ${pid} of ${state.path}` })),
    readableByWorkloads: [context.samplesDirectory],
  });
  return platform.runDoctor(checks, { clock: context.clock });
}
