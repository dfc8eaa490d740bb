import type { Clock } from '@meshwise/core';
import type { LoadPlan } from '../plan/plan.ts';
import { plannedMs } from '../plan/schedule.ts';
import type { Interval } from '../result/interval.ts';
import type { Shard } from '../run/contract.ts';
import type { Protocol } from './connection.ts';
import { weightedChoice } from './loop/choose-request.ts';
import { ClosedLoop } from './loop/closed-loop.ts';
import { ConnectionPool } from './loop/connection-pool.ts';
import type { LoadLoop, LoopOptions } from './loop/load-loop.ts';
import { OpenLoop } from './loop/open-loop.ts';
import { seededRandom } from './random.ts';
import { openArrivals } from './schedule/open-arrivals.ts';
import type { TimeSource } from './time-source.ts';

/** Streams of the plan's seed for what each worker draws by itself; arrivals have the first few. */
const FIRST_WORKER_STREAM = 16;

export interface LoopContext {
  readonly protocol: Protocol;
  readonly clock: Clock;
  readonly source: TimeSource;
  readonly cpuMs: () => number;
  readonly emit: (interval: Interval) => void;
  readonly wake: () => void;
}

/** The loop of one worker: its part of the requests, and of the connections. */
export function makeLoop(plan: LoadPlan, shard: Shard, context: LoopContext): LoadLoop {
  const { clock, protocol, source, cpuMs, emit, wake } = context;
  const { connections, maxRequests, pace, seed } = plan;
  const stream = FIRST_WORKER_STREAM + 2 * shard.index;
  const random = seededRandom(seed, stream);
  const count = Math.max(1, shareOf(connections.count, shard));
  const options: LoopOptions = {
    protocol,
    source,
    cpuMs,
    emit,
    worker: shard.index,
    warmUpMs: plan.warmUpMs,
    durationMs: plannedMs(plan),
    timeoutMs: plan.timeoutMs,
    chooseRequest: weightedChoice(
      plan.requests.map(({ weight }) => weight),
      seededRandom(seed, stream + 1),
    ),
    makePool: (events) => new ConnectionPool({ protocol, count, connections, clock, random }, events),
  };
  if (pace.kind === 'open') {
    const arrivals = openArrivals(plan, shard);
    return new OpenLoop({ ...options, arrivals, maxBacklog: plan.maxBacklog, hasMaxRequests: maxRequests !== null });
  }
  const gapNs = pace.maxRps === null ? 0 : (shard.count / pace.maxRps) * 1e9;
  return new ClosedLoop({
    ...options,
    gapNs,
    phaseNs: (gapNs * shard.index) / shard.count,
    maxRequests: maxRequests === null ? Number.POSITIVE_INFINITY : shareOf(maxRequests, shard),
    width: count * connections.streamsPerConnection,
    burst: connections.burst,
    wake,
  });
}

/** Of so many things, those whose index is this worker's. */
function shareOf(whole: number, { index, count }: Shard): number {
  return Math.ceil(Math.max(0, whole - index) / count);
}
