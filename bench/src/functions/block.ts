import type { Interval } from '@meshwise/load';
import { type OverheadBlock, overheadBlock, type RunRecord } from '@meshwise/performance';
import { poll } from './poll.ts';
import type { Site } from './site.ts';

export interface BlockShape {
  readonly rps: number;
  readonly durationMs: number;
  readonly warmUpMs: number;
}

/** What a run may take beside its load: a pod with a sidecar is made for it. */
const BESIDE_MS = 60_000;
const QUIET_MS = 20_000;
const CONNECTIONS = 4;

/** One block: a load test of the product, whose result is read and then deleted. */
export async function measureBlock(
  site: Pick<Site, 'client' | 'isQuiet'>,
  round: number,
  headers: Readonly<Record<string, string>>,
  { rps, durationMs, warmUpMs }: BlockShape,
): Promise<OverheadBlock> {
  await poll('the end of the load before', QUIET_MS, () => site.isQuiet());
  const { runId } = await site.client.startRun({
    target: 'details/details/0',
    name: 'bench',
    load: { rps, durationMs, warmUpMs, connections: CONNECTIONS, requests: [{ headers: Object.entries(headers) }] },
  });
  if (runId === null) throw new Error('no load test was started');
  try {
    const withinMs = durationMs + warmUpMs + BESIDE_MS;
    await poll('a load test', withinMs, async () => (await site.client.run(runId)).record.state !== 'running');
    const { record, intervals } = await site.client.runWithIntervals(runId);
    if (record.state !== 'finished')
      throw new Error(`a load test ${record.state}: ${record.note ?? 'no reason given'}`);
    return blockOf(round, record, intervals);
  } finally {
    await site.client.deleteRun(runId, false).catch(() => undefined);
  }
}

/** Both sidecars are on the way in both variants; what is compared is what they do. */
export function blockOf(round: number, record: RunRecord, intervals: readonly Interval[]): OverheadBlock {
  const named = (role: string, begin: string) =>
    record.use.filter((one) => one.role === role && one.name.startsWith(begin)).map(({ name }) => name);
  const [client, server] = [named('sidecar', 'default/meshwise-load-'), named('sidecar', 'default/details-')];
  // Without one of them, or with two of a kind, nobody knows what belongs to the requests that were measured.
  const sidecars = client.length === 1 && server.length === 1 ? [...client, ...server] : ['unknown'];
  return overheadBlock({ round, variant: 'both' }, record, intervals, {
    sidecars,
    applications: named('application', 'default/details-'),
  });
}
