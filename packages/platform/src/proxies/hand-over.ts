import type { Clock, Logger } from '@meshwise/core';
import { describeExit } from '../process/describe-exit.ts';
import type { ProcessExit } from '../process/process-host.ts';
import { adminRequest, hasConnections, isLive } from './admin.ts';
import { baseIdPath, DRAIN_S, type EnvoyLaunchOptions, type LaunchedEnvoy, PARENT_SHUTDOWN_S } from './launch-envoy.ts';
import { clearInitialising, removeSharedMemory } from './shared-memory.ts';
import { asideName, SocketsAside } from './sockets-aside.ts';

/** The steps in which one process takes the place of another: the new one becomes live, then the old one leaves. */
export interface HandOverOptions extends EnvoyLaunchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A process that this daemon watches. */
export interface Running extends LaunchedEnvoy {
  readonly startedMs: number;
  exit: ProcessExit | undefined;
}

/** Why a wait is over: the answer was yes, the new process has ended, the time is over, or everything is to end. */
export type Outcome = 'yes' | 'ended' | 'late' | 'stopped';

/** A process that takes the place of another has this long to become live. */
const REPLACE_MS = 20_000;
/** The one before leaves by itself after PARENT_SHUTDOWN_S; it is ended when it has not by then. */
const LEAVE_MS = PARENT_SHUTDOWN_S * 1_000 + 4_000;
/** Listeners are closed when the time to drain is over, by Envoy's clock. */
const DRAIN_MARGIN_MS = 500;

/** `signal` aborts when everything is to end. */
export function untilLive(next: Running, options: HandOverOptions, signal: AbortSignal): Promise<Outcome> {
  const who = { epoch: next.epoch, baseIdPath: baseIdPath(options, next) };
  const ask = () => isLive(options.adminSocketPath, who);
  return within(REPLACE_MS, next, ask, options.clock, signal);
}

/**
 * Waits for the process before `next` to be gone. One of the same family leaves by itself. One beside which `next` stands
 * closes its sockets when it has drained, and is done when its clients are; it is the caller who ends it.
 */
export async function untilLeft(
  next: Running,
  old: Running,
  options: HandOverOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const { adminSocketPath, clock } = options;
  const isGone = async () => old.exit !== undefined;
  if (next.family === old.family) return within(LEAVE_MS, next, isGone, clock, signal);
  const admin = asideName(adminSocketPath);
  // What the old one has not taken when it closes its sockets would be lost, so nothing new may arrive there before.
  await steer(next, options, options.concurrency);
  await adminRequest(admin, '/drain_listeners?graceful', { method: 'POST' }).catch(() => undefined);
  const drained = await within(DRAIN_S * 1_000 + DRAIN_MARGIN_MS, next, isGone, clock, signal);
  if (drained !== 'late') return drained;
  const isUnused = async () => (await isGone()) || (await hasConnections(admin)) === false;
  return within(LEAVE_MS, next, isUnused, clock, signal);
}

/** What arrives goes to the sockets of that process alone, the first of which is number `first`; without it, to all again. */
export async function steer(running: Running, { steer: set, concurrency, logger }: HandOverOptions, first?: number) {
  await set?.({ pid: running.handle.pid, count: concurrency, ...(first === undefined ? {} : { first }) }).catch(
    (error: unknown) => logger.warn('connections are not kept from the proxy that leaves', { error: String(error) }),
  );
}

/** The Unix sockets of the process that runs, for as long as another one starts beside it. */
export function socketsOf({ adminSocketPath, socketPaths }: EnvoyLaunchOptions): SocketsAside {
  return new SocketsAside([adminSocketPath, ...(socketPaths?.() ?? [])]);
}

/** Ends a process that did not become live, so that the one before can be replaced another time; says why in words. */
export async function abandon(next: Running, outcome: Outcome, options: HandOverOptions): Promise<string> {
  const exit = await options.host.stop(next.handle, 0);
  if (next.epoch > 0) await clearInitialising(baseIdPath(options, next));
  else {
    await removeSharedMemory(baseIdPath(options, next));
    await socketsOf(options).putBack();
  }
  if (outcome === 'ended') return describeExit(exit);
  return outcome === 'late' ? 'not live in time' : 'stopped meanwhile';
}

async function within(
  limitMs: number,
  running: Running,
  ask: () => Promise<boolean>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome> {
  const untilMs = clock.monotonicMs() + limitMs;
  while (!signal.aborted) {
    if (await ask()) return 'yes';
    if (running.exit !== undefined) return 'ended';
    if (clock.monotonicMs() >= untilMs) return 'late';
    await clock.sleep(25);
  }
  return 'stopped';
}
