import type { LoadPlan, LoadRequest } from '../plan/plan.ts';

export interface PlanSaid extends Partial<Omit<LoadPlan, 'connections' | 'requests'>> {
  readonly connections?: Partial<LoadPlan['connections']>;
  readonly request?: Partial<LoadRequest>;
}

/** A small plan for tests: 100 requests a second for one second over two connections, unless something else is said. */
export function planFor(url: string, said: PlanSaid = {}): LoadPlan {
  const { connections, request, ...rest } = said;
  return {
    protocol: 'http1',
    requests: [{ weight: 1, method: 'GET', url, headers: [], body: null, ...request }],
    pace: { kind: 'open', arrivals: 'constant', stages: [{ durationMs: 1_000, fromRps: 100, toRps: 100 }] },
    maxRequests: null,
    warmUpMs: 0,
    connections: {
      count: 2,
      streamsPerConnection: 1,
      burst: false,
      requestsPerConnection: null,
      connectTimeoutMs: 2_000,
      unixSocketPath: null,
      resolve: [],
      ...connections,
    },
    tls: null,
    timeoutMs: 2_000,
    workers: 1,
    seed: 1,
    abort: { errorPercent: null, responseP99Ms: null, windowMs: 1_000 },
    maxBacklog: 10_000,
    maxHeadBytes: 65_536,
    maxBodyBytes: 1_048_576,
    ...rest,
  };
}
