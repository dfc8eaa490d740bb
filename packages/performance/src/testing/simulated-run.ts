import { type Distribution, Histogram, type Interval, type SecondView, type SparseHistogram } from '@meshwise/load';
import type { RunRecord } from '../record/run-record.ts';
import { seededRandom } from '../statistics/random.ts';

export interface SimulatedRun {
  readonly id: string;
  readonly name?: string;
  readonly seconds?: number;
  readonly rps?: number;
  /** Answers take half of this and an exponential rest. */
  readonly meanMs?: number;
  readonly seed?: number;
  /** The server stops for the whole of this second, and the next one makes up for it. */
  readonly stallAt?: number;
  readonly failed?: number;
  readonly error?: string;
  readonly change?: (record: RunRecord) => RunRecord;
}

export interface Simulated {
  readonly record: RunRecord;
  readonly intervals: readonly Interval[];
  readonly histograms: Record<'service' | 'response' | 'lag' | 'errorResponse', SparseHistogram>;
  readonly seconds: readonly SecondView[];
}

/** A run that never was: the same for the same seed, with what a real one has. */
export function simulatedRun(world: SimulatedRun): Simulated {
  const { seconds = 30, rps = 200, meanMs = 2, seed = 1, stallAt, failed = 0, error = 'connection reset' } = world;
  const random = seededRandom(seed);
  const whole = {
    service: new Histogram(),
    response: new Histogram(),
    lag: new Histogram(),
    errorResponse: new Histogram(),
  };
  const views: SecondView[] = [];
  const intervals = Array.from({ length: seconds + 1 }, (_, index): Interval => {
    const second = index - 1;
    const own = { service: new Histogram(), response: new Histogram(), lag: new Histogram() };
    const slow = 1 + 0.2 * random();
    for (let request = 0; request < rps; request += 1) {
      const serviceNs = 1e6 * slow * (meanMs / 2) * (1 - Math.log(1 - random()));
      const lagNs = 20_000 + 60_000 * random();
      const stalledNs = second === stallAt ? 1e9 * (1 - request / rps) : 0;
      own.service.record(serviceNs);
      own.lag.record(lagNs);
      own.response.record(serviceNs + lagNs + stalledNs);
    }
    const failures = second === 3 ? failed : 0;
    if (second >= 0) {
      for (const key of ['service', 'response', 'lag'] as const) whole[key].add(own[key]);
      whole.errorResponse.recordCount(1e8, failures);
      const at = (histogram: Histogram, percentile: number) => histogram.valueAtPercentile(percentile) / 1e6;
      views.push({
        second,
        scheduled: rps,
        completed: rps - failures,
        failed: failures,
        dropped: 0,
        inFlight: 1,
        backlog: 0,
        responseP50Ms: at(own.response, 50),
        responseP99Ms: at(own.response, 99),
        serviceP50Ms: at(own.service, 50),
        serviceP99Ms: at(own.service, 99),
        lagP99Ms: at(own.lag, 99),
        generatorCores: 0.2 + 0.1 * random(),
      });
    }
    return {
      worker: 0,
      second,
      scheduled: rps,
      sent: rps,
      completed: rps - failures,
      failed: failures,
      dropped: 0,
      bytesSent: rps * 100,
      bytesReceived: rps * 1_000,
      connectionsOpened: 0,
      inFlight: 1,
      backlog: 0,
      statuses: { 200: rps - failures },
      errors: failures > 0 ? { reset: failures } : {},
      errorSamples: failures > 0 ? { reset: error } : {},
      service: own.service.toSparse(),
      response: own.response.toSparse(),
      lag: own.lag.toSparse(),
      errorResponse: [],
      generator: { elapsedMs: 1_000, cpuMs: 250, loopDelayMaxMs: 0.4 },
    };
  });
  const completed = seconds * rps - failed;
  const record: RunRecord = {
    id: world.id,
    name: world.name ?? world.id,
    state: 'finished',
    note: null,
    startedAt: '2026-11-21T12:00:00.000Z',
    endedAt: '2026-11-21T12:01:00.000Z',
    target: {
      text: 'productpage.default/productpage',
      url: 'http://productpage.default:9080/productpage',
      from: 'inside',
      service: { namespace: 'default', name: 'productpage', port: 9080 },
      variant: null,
    },
    plan: {
      protocol: 'http1',
      requests: [
        { weight: 1, method: 'GET', url: 'http://productpage.default:9080/productpage', headers: [], body: null },
      ],
      pace: { kind: 'open', arrivals: 'constant', stages: [{ durationMs: seconds * 1_000, fromRps: rps, toRps: rps }] },
      maxRequests: null,
      warmUpMs: 1_000,
      connections: {
        count: 16,
        streamsPerConnection: 1,
        burst: false,
        requestsPerConnection: null,
        connectTimeoutMs: 2_000,
        unixSocketPath: null,
        resolve: [],
      },
      tls: null,
      timeoutMs: 10_000,
      workers: 1,
      seed: 1,
      abort: { errorPercent: null, responseP99Ms: null, windowMs: 1_000 },
      maxBacklog: 10_000,
      maxHeadBytes: 65_536,
      maxBodyBytes: 1_048_576,
    },
    words: [
      `${rps} requests per second for ${seconds} s: ${rps * seconds} in all`,
      'GET /productpage over 16 connections',
    ],
    command: `meshwise perf run productpage.default/productpage --rps ${rps} --duration ${seconds}s`,
    environment: {
      meshwise: '0.1.0',
      node: 'v24.21.0',
      system: 'Linux 6.18',
      cpuModel: 'AMD EPYC',
      cores: 2,
      memoryBytes: 24e9,
      loadAverage: 0.4,
      envoy: '1.40.0',
      capture: 'netns',
      configurationHash: 'c0ffee0123456789',
    },
    summary: {
      measuredMs: seconds * 1_000,
      plannedMs: seconds * 1_000,
      requestedRps: rps,
      achievedRps: completed / seconds,
      scheduled: seconds * rps,
      sent: seconds * rps,
      completed,
      failed,
      dropped: 0,
      bytesSent: seconds * rps * 100,
      bytesReceived: seconds * rps * 1_000,
      connectionsOpened: 16,
      statuses: { 200: completed },
      errors: failed > 0 ? [{ kind: 'reset', count: failed, sample: error }] : [],
      service: distribution(whole.service),
      response: distribution(whole.response),
      lag: distribution(whole.lag),
      errorResponse: distribution(whole.errorResponse),
      generator: {
        workers: 1,
        cores: 0.25,
        busiestWorkerCores: 0.31,
        loopDelayMaxMs: 0.4,
        clockResolutionNs: 30,
        sharesCoresWithTarget: true,
      },
      trust: {
        verdict: 'trust',
        reason: 'The generator kept to its schedule and had CPU to spare.',
        checks: [
          { check: 'Achieved', verdict: 'trust', text: 'achieved 100 % of the schedule' },
          { check: 'Schedule lag', verdict: 'trust', text: 'p99 of the lag 79 µs' },
          { check: 'Cores', verdict: 'doubt', text: 'generator and target share cores' },
        ],
      },
    },
    use: [
      use('application', 'default/productpage-v1-84b9c4fc49-mksm8', 310),
      use('sidecar', 'default/productpage-v1-84b9c4fc49-mksm8', 120),
      use('control-plane', 'meshwise', 8),
      use('generator', 'worker 0', 250),
    ],
    criteria: [],
    experiment: null,
  };
  const histograms = {
    service: whole.service.toSparse(),
    response: whole.response.toSparse(),
    lag: whole.lag.toSparse(),
    errorResponse: whole.errorResponse.toSparse(),
  };
  return { record: world.change?.(record) ?? record, intervals, histograms, seconds: views };
}

function use(role: RunRecord['use'][number]['role'], name: string, millicores: number): RunRecord['use'][number] {
  return {
    role,
    name,
    cpuMillicoresMean: millicores,
    cpuMillicoresMax: millicores * 1.4,
    cpuMsPer1000Requests: millicores * 5,
    memoryBytesMean: 48e6 + millicores * 1e4,
    memoryBytesMax: 52e6,
    samples: 30,
  };
}

function distribution(histogram: Histogram): Distribution {
  const at = (percentile: number) => (histogram.count === 0 ? null : histogram.valueAtPercentile(percentile) / 1e6);
  const none = histogram.count === 0;
  return {
    count: histogram.count,
    minMs: none ? null : histogram.minNs / 1e6,
    meanMs: none ? null : histogram.meanNs / 1e6,
    standardDeviationMs: none ? null : histogram.standardDeviationNs / 1e6,
    p50Ms: at(50),
    p75Ms: at(75),
    p90Ms: at(90),
    p95Ms: at(95),
    p99Ms: at(99),
    p999Ms: at(99.9),
    p9999Ms: at(99.99),
    maxMs: none ? null : histogram.maxNs / 1e6,
  };
}
