import { MeshwiseError } from '@meshwise/core';
import type { Client } from '../client/client.ts';
import { connect } from '../client/connect.ts';
import type { CliContext } from '../context.ts';
import type { Platform } from '../platform.ts';
import { readDaemonRecord, type StateDirectory } from '../state-directory.ts';
import type { Report } from './progress.ts';

export interface StopResult {
  /** A daemon ran and was stopped. */
  readonly daemon: boolean;
  /** Processes that had to be ended beside those the daemon ended. */
  readonly stopped: number;
  readonly removed: readonly string[];
}

const POLL_MS = 100;
const ACCEPT_TIMEOUT_MS = 3_000;
/** The daemon drains proxies and ends programs in order; it says it takes 15 s at most. */
const SHUTDOWN_TIMEOUT_MS = 25_000;
const TERM_TIMEOUT_MS = 5_000;
const GRACE_MS = 5_000;

/**
 * Ends everything that runs on a state directory. The daemon does it in good order; without one, or when it does not
 * answer, it is ended and the platform ends the rest. The platform looks again in any case, so nothing stays after a crash.
 * When `force` aborts, everything is killed at once.
 */
export async function stopMesh(
  context: CliContext,
  state: StateDirectory,
  options: { readonly report: Report; readonly force?: AbortSignal; readonly pid?: number },
): Promise<StopResult> {
  const platform = await context.platform();
  const force = options.force ?? new AbortController().signal;
  const daemon = await findDaemon(platform, state, options.pid);
  if (daemon !== undefined) await stopDaemon(context, platform, daemon, force, options.report);
  options.report('ending what is left');
  const graceMs = force.aborted ? 0 : GRACE_MS;
  const result = await platform.cleanUp({ home: state.path, graceMs, clock: context.clock });
  return { daemon: daemon !== undefined, ...result };
}

interface FoundDaemon {
  readonly pid: number;
  readonly startTicks: number;
  /** It has said where its API is. */
  readonly announced: boolean;
}

/** By the record, or by the pid of one that was started just now and has not written its record. */
async function findDaemon(
  platform: Platform,
  state: StateDirectory,
  pid: number | undefined,
): Promise<FoundDaemon | undefined> {
  const record = await readDaemonRecord(state);
  if (record !== undefined && (await platform.isAlive(record.pid, record.startTicks)))
    return { ...record, announced: true };
  const stat = pid === undefined ? undefined : await platform.readProcessStat(pid);
  if (stat === undefined || stat.state === 'Z') return undefined;
  return { pid: stat.pid, startTicks: stat.startTicks, announced: false };
}

async function stopDaemon(
  context: CliContext,
  platform: Platform,
  daemon: FoundDaemon,
  force: AbortSignal,
  report: Report,
): Promise<void> {
  const gone = (timeoutMs: number) => awaitEnd(context, platform, daemon, timeoutMs, force);
  if (daemon.announced && !force.aborted) {
    report('asking the daemon to stop the mesh');
    const accepted = await askToStop(context);
    if (accepted && (await gone(SHUTDOWN_TIMEOUT_MS))) return;
  }
  if (!force.aborted) {
    report(`ending the daemon (pid ${daemon.pid})`);
    if (!(await kill(platform, daemon, 'SIGTERM')) || (await gone(TERM_TIMEOUT_MS))) return;
  }
  if (!(await kill(platform, daemon, 'SIGKILL'))) return;
  const untilMs = context.clock.monotonicMs() + TERM_TIMEOUT_MS;
  while (await platform.isAlive(daemon.pid, daemon.startTicks)) {
    if (context.clock.monotonicMs() > untilMs) throw new MeshwiseError('MW6001', `pid ${daemon.pid} cannot be ended`);
    await context.clock.sleep(POLL_MS);
  }
}

async function askToStop(context: CliContext): Promise<boolean> {
  try {
    const client: Client = await connect(context);
    await client.shutdown(ACCEPT_TIMEOUT_MS);
    return true;
  } catch {
    return false;
  }
}

async function awaitEnd(
  context: CliContext,
  platform: Platform,
  daemon: FoundDaemon,
  timeoutMs: number,
  force: AbortSignal,
): Promise<boolean> {
  const untilMs = context.clock.monotonicMs() + timeoutMs;
  while (await platform.isAlive(daemon.pid, daemon.startTicks)) {
    if (force.aborted || context.clock.monotonicMs() > untilMs) return false;
    await context.clock.sleep(POLL_MS);
  }
  return true;
}

/** False when that very process is gone; a pid alone may be another's by now. */
async function kill(platform: Platform, daemon: FoundDaemon, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await platform.isAlive(daemon.pid, daemon.startTicks))) return false;
  try {
    process.kill(daemon.pid, signal);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw new MeshwiseError('MW6001', `pid ${daemon.pid} may not be ended by this user`, {}, { cause });
  }
}
