import { completeAbort } from './complete-abort.ts';
import { completeConnections } from './complete-connections.ts';
import { completePace } from './complete-pace.ts';
import { completeRequests, readTarget } from './complete-requests.ts';
import { completeTls } from './complete-tls.ts';
import { completeWorkers } from './complete-workers.ts';
import { durationWords } from './duration.ts';
import { impossible } from './impossible.ts';
import type { LoadInput } from './input.ts';
import type { LoadPace, LoadPlan } from './plan.ts';
import { peakRps, plannedMs } from './schedule.ts';

const WARM_UP_MS = 2_000;
const TIMEOUT_MS = 10_000;
const MAX_HEAD_BYTES = 65_536;
const MAX_BODY_BYTES = 64 << 20;
const DAY_MS = 86_400_000;

export interface PlanOptions {
  /** Cores of the machine where the load is made. */
  readonly cores: number;
  /** For everything random, unless the input has one. */
  readonly seed: number;
}

/**
 * What a user said, with every default written out. Throws MW8001, naming the field, for what no schema can say: the input has to
 * fit `LoadInput` already.
 */
export function completePlan(input: LoadInput, targetUrl: string, options: PlanOptions): LoadPlan {
  const target = readTarget(targetUrl);
  const timeoutMs = input.timeoutMs ?? TIMEOUT_MS;
  if (timeoutMs <= 0)
    throw impossible('timeoutMs', 'every request would fail', { found: '0', expected: 'more than 0' });
  const requests = completeRequests(input, target);
  const pace = completePace(input, options.cores);
  const connections = completeConnections(input, pace, target);
  const plan: LoadPlan = {
    protocol: input.protocol ?? 'http1',
    requests,
    pace,
    maxRequests: input.maxRequests ?? null,
    warmUpMs: completeWarmUp(input, pace),
    connections,
    tls: completeTls(input, target),
    timeoutMs,
    workers: completeWorkers(input, pace, connections, options.cores),
    seed: input.seed ?? options.seed,
    abort: completeAbort(input, pace),
    maxBacklog: input.maxBacklog ?? defaultBacklog(pace, timeoutMs),
    maxHeadBytes: input.maxHeadBytes ?? MAX_HEAD_BYTES,
    maxBodyBytes: input.maxBodyBytes ?? MAX_BODY_BYTES,
  };
  const totalMs = plan.warmUpMs + plannedMs(plan);
  if (totalMs <= DAY_MS) return plan;
  throw impossible('warmUpMs', 'too long with the rest', { found: durationWords(totalMs), expected: 'at most 24 h' });
}

/**
 * 2 s: what a generator is compiled into, and a server caches, in its first second would be the tail of a short run. None by
 * default where somebody counts requests, or where the load begins with none.
 */
function completeWarmUp({ warmUpMs, maxRequests }: LoadInput, pace: LoadPace): number {
  const firstRps = pace.kind === 'open' ? (pace.stages[0]?.fromRps ?? 0) : pace.maxRps;
  if (warmUpMs === undefined) return firstRps === 0 || typeof maxRequests === 'number' ? 0 : WARM_UP_MS;
  if (warmUpMs > 0 && firstRps === 0) {
    throw impossible('warmUpMs', 'a warm-up has the first rate, which is none', {
      found: durationWords(warmUpMs),
      expected: '0, or a first stage that begins above 0',
    });
  }
  return warmUpMs;
}

/** What comes in the time after which requests fail: a server that stands still for so long loses none to a full backlog. */
function defaultBacklog(pace: LoadPace, timeoutMs: number): number {
  if (pace.kind === 'closed') return 0;
  return Math.min(1_000_000, Math.max(1_000, Math.ceil((peakRps(pace.stages) * timeoutMs) / 1_000)));
}
