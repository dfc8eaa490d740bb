import type { Clock } from '@meshwise/core';
import { makeProtocol } from '../engine/make-protocol.ts';
import type { LoadPlan } from '../plan/plan.ts';

/** A target that takes longer to answer one request can be measured, but nobody should wait for that beforehand. */
const PATIENCE_MS = 10_000;
/** RFC 9110 9.2.1: what asks for nothing but an answer. Any other request may do something, and is only sent by a run. */
const SAFE = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

/**
 * Opens one connection as the plan says and sends its first request, if that is safe: a plan is looked at more often than it is run.
 * Null when the target answers, whatever it says, or takes the connection; else why not, in words that can follow the name of the
 * target. Throws MW8001 for a plan that no connection can be made of.
 */
export async function probeTarget(plan: LoadPlan, clock: Clock): Promise<string | null> {
  const protocol = makeProtocol(plan, clock);
  const answer = Promise.withResolvers<string | null>();
  const isSafe = SAFE.includes(plan.requests[0]?.method ?? '');
  const patienceMs = Math.min(PATIENCE_MS, plan.timeoutMs);
  let hasSent = false;
  let cancel = () => {};
  const connection = protocol.open({
    free: () => {
      if (hasSent) return;
      hasSent = true;
      if (!isSafe) return answer.resolve(null);
      connection.send(0, 0);
      cancel = clock.after(patienceMs, () => answer.resolve(`no answer within ${patienceMs} ms`));
    },
    done: () => answer.resolve(null),
    failed: (_connection, _token, _kind, message) => answer.resolve(message),
    closed: (_connection, _kind, message) =>
      answer.resolve(message === '' ? 'the connection was closed before it could be used' : message),
  });
  try {
    return await answer.promise;
  } finally {
    cancel();
    connection.close();
  }
}
