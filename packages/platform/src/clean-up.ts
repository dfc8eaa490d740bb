import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@meshwise/core';
import { findMarkedProcesses } from './process/marked-processes.ts';
import { isAlive, readProcessStat } from './process/process-table.ts';
import { removeAllSharedMemory } from './proxies/shared-memory.ts';

/** Environment variable that every process of a mesh carries, with the state directory as value. */
export const MARK = 'MESHWISE_STATE';

const KILL_MS = 10_000;

/**
 * Ends every process that any daemon on this state has started and removes what they share: sockets, mount points and runtime
 * files. Resources, certificates and logs stay. Namespaces and their rules end with their last process. Works without a
 * daemon, so that `down` cleans up after a crash too. `left` names processes that could not be killed.
 */
export async function cleanUp(options: {
  home: string;
  graceMs: number;
  clock: Clock;
}): Promise<{ stopped: number; removed: readonly string[]; left: readonly number[] }> {
  const { clock } = options;
  const pids = await findMarkedProcesses(MARK, options.home);
  const known = await Promise.all(pids.map((pid) => readProcessStat(pid)));
  const targets = known.filter((stat) => stat !== undefined);
  for (const { pid } of targets) kill(pid, 'SIGTERM');
  const untilMs = clock.monotonicMs() + options.graceMs;
  const living = async () => {
    const alive = await Promise.all(targets.map(({ pid, startTicks }) => isAlive(pid, startTicks)));
    return targets.filter((_, index) => alive[index] === true);
  };
  while ((await living()).length > 0 && clock.monotonicMs() < untilMs) await clock.sleep(50);
  for (const { pid } of await living()) kill(pid, 'SIGKILL');
  const left = await killAll(options.home, clock);
  const run = join(options.home, 'run');
  const proxies = join(run, 'proxies');
  // Envoys that were killed left what they share in hot restarts.
  for (const name of await readdir(proxies).catch(() => [])) await removeAllSharedMemory(join(proxies, name));
  await rm(run, { recursive: true, force: true });
  return { stopped: targets.length, removed: [run], left };
}

/**
 * Kills until nothing is left, since what is ending may have started something just now. A process that hangs in the kernel
 * cannot be killed and does not hold the command up: answers with what is left.
 */
async function killAll(home: string, clock: Clock): Promise<readonly number[]> {
  const untilMs = clock.monotonicMs() + KILL_MS;
  for (;;) {
    const left = await findMarkedProcesses(MARK, home);
    if (left.length === 0 || clock.monotonicMs() > untilMs) return left;
    for (const pid of left) kill(pid, 'SIGKILL');
    await clock.sleep(20);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
