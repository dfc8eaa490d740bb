import type { LoadPlan } from '../plan/plan.ts';
import { plannedMs } from '../plan/schedule.ts';

/** Beyond what a plan itself takes, on a machine that is busy with other things too. */
const SLACK_MS = 30_000;
/** For a name, a handshake and a process's attention: connections are opened one after the other. */
const CONNECTION_MS = 20;

/** From saying when to begin until then: more than a line takes to get to every worker. */
export const START_LEAD_MS = 20;

/** A worker that was told to stop has this long to say what it measured last. */
export const STOP_GRACE_MS = 5_000;
/** A killed process is gone at once, unless the kernel holds it. */
export const KILL_WAIT_MS = 5_000;

/** How long workers may take until all are ready to begin. */
export function startAtMostMs(plan: LoadPlan): number {
  return SLACK_MS + plan.connections.connectTimeoutMs + plan.connections.count * CONNECTION_MS;
}

/** How long a run may take from its start on; the last requests have their whole time. */
export function runAtMostMs(plan: LoadPlan): number {
  return SLACK_MS + plan.connections.connectTimeoutMs + plan.warmUpMs + plannedMs(plan) + plan.timeoutMs;
}

/** What a worker may say in a run: usually it is one message a second and a few more. */
export function messagesAtMost(plan: LoadPlan): number {
  return Math.ceil((4 * runAtMostMs(plan)) / 1_000);
}
