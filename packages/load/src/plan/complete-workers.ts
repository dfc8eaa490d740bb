import { impossible } from './impossible.ts';
import type { LoadInput } from './input.ts';
import type { LoadConnections, LoadPace } from './plan.ts';
import { peakRps } from './schedule.ts';

/** What one worker sends on time with half of a core to spare; HTTP/2 takes about four times as much of it. */
const RPS_PER_WORKER = { http1: 20_000, http2: 5_000, grpc: 5_000 };

/** One, unless the rate asks for more, and then as many as leave a core for the rest of the machine. */
export function completeWorkers(
  { workers, protocol = 'http1' }: LoadInput,
  pace: LoadPace,
  connections: LoadConnections,
  cores: number,
): number {
  if (workers !== undefined) {
    if (workers <= connections.count) return workers;
    const found = `${workers} workers, ${connections.count} connections`;
    throw impossible('workers', 'a worker without a connection', { found, expected: 'at most one for each' });
  }
  const peak = pace.kind === 'open' ? peakRps(pace.stages) : (pace.maxRps ?? 0);
  const wanted = Math.ceil(peak / RPS_PER_WORKER[protocol]);
  return Math.max(1, Math.min(wanted, cores - 1, connections.count, 64));
}
