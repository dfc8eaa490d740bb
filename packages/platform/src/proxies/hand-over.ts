import type { Clock } from '@meshwise/core';
import { describeExit } from '../process/describe-exit.ts';
import type { ProcessExit } from '../process/process-host.ts';
import { isEpochLive } from './admin.ts';
import { baseIdPath, type EnvoyLaunchOptions, type LaunchedEnvoy, PARENT_SHUTDOWN_S } from './launch-envoy.ts';
import { clearInitialising } from './shared-memory.ts';

/** The steps in which one process takes the place of another: the new one becomes live, then the old one leaves. */
export interface HandOverOptions extends EnvoyLaunchOptions {
  readonly clock: Clock;
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

/** `signal` aborts when everything is to end. */
export function untilLive(next: Running, options: HandOverOptions, signal: AbortSignal): Promise<Outcome> {
  const ask = () => isEpochLive(options.adminSocketPath, next.epoch);
  return within(REPLACE_MS, next, ask, options.clock, signal);
}

/** Waits for the process before `next` to be gone. */
export function untilLeft(
  next: Running,
  isGone: () => boolean,
  options: HandOverOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  return within(LEAVE_MS, next, async () => isGone(), options.clock, signal);
}

/** Ends a process that did not become live, so that the one before can be replaced another time; says why in words. */
export async function abandon(next: Running, outcome: Outcome, options: HandOverOptions): Promise<string> {
  const exit = await options.host.stop(next.handle, 0);
  await clearInitialising(baseIdPath(options));
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
