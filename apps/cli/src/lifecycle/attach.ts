import { MeshwiseError } from '@meshwise/core';
import type { Session } from '../session.ts';
import { stateDirectory } from '../state-directory.ts';
import { applySample } from './apply-sample.ts';
import { awaitReady } from './await-ready.ts';
import type { Running } from './find-running.ts';
import type { Interruptions } from './interruptions.ts';
import { printAddresses } from './print-addresses.ts';
import type { UpOptions } from './up.ts';

const POLL_MS = 2_000;
const ANSWER_TIMEOUT_MS = 5_000;

/** `up` where a daemon runs already: adds what was asked for, shows it, and never stops it. */
export async function attach(
  session: Session,
  { client, status }: Running,
  options: UpOptions,
  stops: Interruptions,
): Promise<void> {
  const { context, progress } = session;
  session.note(`A daemon runs already on ${stateDirectory(context.env).path} (pid ${status.daemon.pid}).`);
  for (const flag of startOnlyFlags(options)) session.note(`${flag} takes effect at the next start of the daemon.`);
  const { sample } = options;
  try {
    if (sample !== 'none') {
      const work = () => applySample(context, client, sample);
      await progress.step(`Sample ${sample}`, work, (summary) => summary);
    }
    const readiness = await progress.step(
      'Mesh',
      (report) => awaitReady(context, client, { sample, report, signal: stops.stop }),
      (ready) => ready.status.state,
    );
    await printAddresses(session, client, readiness, sample);
  } catch (error) {
    if (!stops.stop.aborted) throw error;
    throw new MeshwiseError('MW6008', 'stopped before it was ready', { advice: 'The daemon goes on.' });
  }
  if (!options.detach) await watch(session, client, stops);
}

function startOnlyFlags(options: UpOptions): readonly string[] {
  return [
    ...(options.capture === 'auto' ? [] : ['--capture']),
    ...(options.gatewayPort === null ? [] : ['--gateway-port']),
    ...(options.apiPort === null ? [] : ['--api-port']),
  ];
}

/** Stays until Ctrl-C, which leaves the daemon to who started it, or until the daemon is gone. */
async function watch(session: Session, client: Running['client'], stops: Interruptions): Promise<void> {
  session.note('Ctrl-C leaves it running; `meshwise down` stops it.');
  const { clock } = session.context;
  try {
    for (;;) {
      await clock.sleep(POLL_MS, stops.stop);
      await client.status({ timeoutMs: ANSWER_TIMEOUT_MS, signal: stops.stop });
    }
  } catch (error) {
    if (stops.stop.aborted) session.note('The daemon goes on.');
    else if (error instanceof MeshwiseError && error.code === 'MW6003') session.note('The daemon has ended.');
    else throw error;
  }
}
