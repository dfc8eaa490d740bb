import type { Interval } from '@meshwise/load';
import type { ExperimentRecord, RunEnvironment, RunRecord, RunTarget } from '@meshwise/performance';

const target: RunTarget = {
  text: 'productpage/reviews',
  url: 'http://127.0.0.1:9080/reviews',
  from: 'outside',
  service: { namespace: 'default', name: 'productpage', port: 9080 },
  variant: 'both',
};

const environment: RunEnvironment = {
  meshwise: '0.1.0',
  node: 'v24.0.0',
  system: 'Linux',
  cpuModel: 'a processor',
  cores: 2,
  memoryBytes: 8_000_000_000,
  loadAverage: 0.25,
  envoy: '1.30.0',
  capture: 'netns',
  configurationHash: null,
};

const plan: RunRecord['plan'] = {
  protocol: 'http1',
  requests: [{ weight: 1, method: 'GET', url: target.url, headers: [['accept', 'text/html']], body: null }],
  pace: { kind: 'open', arrivals: 'poisson', stages: [{ durationMs: 10_000, fromRps: 500, toRps: 500 }] },
  maxRequests: null,
  warmUpMs: 1_000,
  connections: {
    count: 8,
    streamsPerConnection: 1,
    burst: false,
    requestsPerConnection: null,
    connectTimeoutMs: 3_000,
    unixSocketPath: null,
    resolve: [],
  },
  tls: null,
  timeoutMs: 15_000,
  workers: 1,
  seed: 7,
  abort: { errorPercent: null, responseP99Ms: null, windowMs: 5_000 },
  maxBacklog: 10_000,
  maxHeadBytes: 65_536,
  maxBodyBytes: 1_000_000,
};

/** A run that has ended before anything was measured, begun `number` seconds into the day. */
export function sampleRun(number: number, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    id: `run-${String(number).padStart(5, '0')}`,
    name: `run ${number}`,
    state: 'failed',
    note: null,
    startedAt: new Date(Date.UTC(2026, 10, 21) + number * 1_000).toISOString(),
    endedAt: null,
    target,
    plan,
    words: ['500 requests a second for 10 seconds'],
    command: 'meshwise perf run productpage/reviews --rps 500',
    environment,
    summary: null,
    use: [],
    criteria: [],
    experiment: null,
    ...changes,
  };
}

export function sampleBlock(number: number, experimentId: string): RunRecord {
  return sampleRun(number, { experiment: { id: experimentId, round: number, variant: 'none' } });
}

export function sampleExperiment(number: number, changes: Partial<ExperimentRecord> = {}): ExperimentRecord {
  const { id, name, state, note, startedAt, endedAt, words, command } = sampleRun(number);
  return {
    ...{ id: `experiment-${id}`, name: `experiment of ${name}`, state, note, startedAt, endedAt, words, command },
    kind: 'compare-mesh',
    target,
    environment,
    variants: ['none', 'server', 'both'],
    onPath: [{ variant: 'both', sidecars: ['default/a'], applications: ['default/b'] }],
    rounds: 5,
    blockMs: 10_000,
    seed: 7,
    blocks: [],
    report: null,
    ...changes,
  };
}

export function sampleInterval(second: number): Interval {
  return {
    worker: 0,
    second,
    scheduled: 500,
    sent: 500,
    completed: 499,
    failed: 1,
    dropped: 0,
    bytesSent: 50_000,
    bytesReceived: 4_000_000,
    connectionsOpened: 8,
    inFlight: 3,
    backlog: 0,
    statuses: { 200: 499, 503: 1 },
    errors: { 'http-5xx': 1 },
    errorSamples: { 'http-5xx': 'no healthy upstream' },
    service: [second + 1_000, 400, second + 2_000, 99],
    response: [second + 1_010, 400, second + 2_020, 99],
    lag: [100, 500],
    errorResponse: [9_000, 1],
    generator: { elapsedMs: 1_000.25, cpuMs: 123.5, loopDelayMaxMs: 1.5 },
  };
}
