import type { RunRequest } from '@meshwise/api';
import { type Clock, MeshwiseError } from '@meshwise/core';
import type { LiveRun } from '@meshwise/performance';
import type { Client } from '../client/client.ts';
import type { Outcome, Performer } from './outcome.ts';

/** Has the daemon do it, so that the page shows it too. The run belongs to the daemon: only a stop ends it. */
export async function performerAt(client: Client, request: RunRequest, clock: Clock): Promise<Performer> {
  const { words, warnings } = await client.planRun(request);
  return {
    words,
    warnings,
    async perform(onLive, stop) {
      const { runId, experimentId } = await client.startRun(request);
      const id = runId ?? experimentId ?? '';
      const isExperiment = runId === null;
      const ask = () => {
        client.stopRun(id, isExperiment).catch(() => undefined);
      };
      if (stop.aborted) ask();
      stop.addEventListener('abort', ask, { once: true });
      try {
        await untilEnded(client, id, isExperiment, clock, onLive);
      } finally {
        stop.removeEventListener('abort', ask);
      }
      return result(client, id, isExperiment);
    },
    report: ({ kind, record }) => client.exportedHtml(record.id, kind === 'experiment'),
    async forget({ kind, record }) {
      await client.deleteRun(record.id, kind === 'experiment');
    },
    async close() {},
  };
}

const LOOK_MS = 1_000;

/**
 * The stream tells what goes on; the first time that the run is no longer in it, it has ended. One that ended before we listened
 * is never in it, so the record is looked at as well.
 */
async function untilEnded(
  client: Client,
  id: string,
  isExperiment: boolean,
  clock: Clock,
  onLive: (run: LiveRun) => void,
) {
  const end = new AbortController();
  const look = async () => {
    for (;;) {
      await clock.sleep(LOOK_MS, end.signal);
      const { state } = isExperiment ? await client.experiment(id) : (await client.run(id)).record;
      if (state !== 'running') return;
    }
  };
  const listen = async () => {
    let wasSeen = false;
    for await (const { runs } of client.liveRuns(end.signal)) {
      const run = runs.find((one) => one.id === id);
      if (run !== undefined) onLive(run);
      else if (wasSeen) return;
      wasSeen ||= run !== undefined;
    }
    if (!end.signal.aborted)
      throw new MeshwiseError('MW6003', 'the daemon has ended; the next one keeps what was measured');
  };
  try {
    await Promise.race([look(), listen()]);
  } finally {
    end.abort(new Error('it has ended'));
  }
}

async function result(client: Client, id: string, isExperiment: boolean): Promise<Outcome> {
  if (isExperiment) return { kind: 'experiment', record: await client.experiment(id) };
  const { record, intervals } = await client.runWithIntervals(id);
  return { kind: 'run', record, intervals };
}
