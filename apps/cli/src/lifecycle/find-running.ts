import type { StatusView } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { Client } from '../client/client.ts';
import { connect } from '../client/connect.ts';
import type { CliContext } from '../context.ts';

export interface Running {
  readonly client: Client;
  readonly status: StatusView;
}

const ANSWER_TIMEOUT_MS = 3_000;
const STOPPING_TIMEOUT_MS = 30_000;
const POLL_MS = 200;

/** The daemon that answers on this state directory; one that is about to end is waited for and counts as none. */
export async function findRunning(context: CliContext, signal: AbortSignal): Promise<Running | undefined> {
  const untilMs = context.clock.monotonicMs() + STOPPING_TIMEOUT_MS;
  for (;;) {
    const running = await ask(context, signal);
    if (running?.status.state !== 'stopping') return running;
    if (context.clock.monotonicMs() > untilMs)
      throw new MeshwiseError('MW6001', 'the daemon is stopping and does not end');
    await context.clock.sleep(POLL_MS, signal);
  }
}

async function ask(context: CliContext, signal: AbortSignal): Promise<Running | undefined> {
  try {
    const client = await connect(context);
    return { client, status: await client.status({ timeoutMs: ANSWER_TIMEOUT_MS, signal }) };
  } catch (error) {
    signal.throwIfAborted();
    // Whether another daemon holds the state is decided by the lock of the one that is started next.
    if (error instanceof MeshwiseError) return undefined;
    throw error;
  }
}
