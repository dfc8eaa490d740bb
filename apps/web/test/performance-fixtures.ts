import type { RunResponse } from '@meshwise/api';
import {
  completePlan,
  type Distribution,
  Histogram,
  type Interval,
  type LoadSummary,
  type SecondView,
} from '@meshwise/load';
import type { LiveRun, RunRecord, RunToCompare } from '@meshwise/performance';

/** What a hostile server or user could call something. */
export const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>';

const RPS = 200;
const SECONDS = 30;
const CAPS = { cores: 2, seed: 7 };

/** A bell with a long tail, in nanoseconds, without anything random: quantiles of a log-normal distribution. */
function latencies(medianMs: number, count: number): Histogram {
  const histogram = new Histogram();
  for (let index = 0; index < count; index += 1) {
    const share = (index + 0.5) / count;
    const normal = Math.log(share / (1 - share)) / 1.702;
    histogram.record(Math.round(medianMs * 1e6 * Math.exp(0.35 * normal)));
  }
  return histogram;
}

function distribution(histogram: Histogram): Distribution {
  const ms = (percentile: number) => (histogram.count === 0 ? null : histogram.valueAtPercentile(percentile) / 1e6);
  return {
    count: histogram.count,
    minMs: ms(0),
    meanMs: histogram.count === 0 ? null : histogram.meanNs / 1e6,
    standardDeviationMs: histogram.count === 0 ? null : histogram.standardDeviationNs / 1e6,
    p50Ms: ms(50),
    p75Ms: ms(75),
    p90Ms: ms(90),
    p95Ms: ms(95),
    p99Ms: ms(99),
    p999Ms: ms(99.9),
    p9999Ms: ms(99.99),
    maxMs: ms(100),
  };
}

function intervals(medianMs: number): Interval[] {
  return Array.from({ length: SECONDS }, (_, second) => {
    const wave = medianMs * (1 + 0.08 * Math.sin(second / 3));
    return {
      worker: 0,
      second,
      scheduled: RPS,
      sent: RPS,
      completed: RPS - (second === 12 ? 2 : 0),
      failed: second === 12 ? 2 : 0,
      dropped: 0,
      bytesSent: RPS * 120,
      bytesReceived: RPS * 900,
      connectionsOpened: second === 0 ? 16 : 0,
      inFlight: 2,
      backlog: 0,
      statuses: { 200: RPS },
      errors: second === 12 ? { 'http-5xx': 2 } : {},
      errorSamples: second === 12 ? { 'http-5xx': `503 ${HOSTILE}` } : {},
      service: latencies(wave, RPS).toSparse(),
      response: latencies(wave * 1.02, RPS).toSparse(),
      lag: latencies(0.04, RPS).toSparse(),
      errorResponse: [],
      generator: { elapsedMs: 1000, cpuMs: 40, loopDelayMaxMs: 1.2 },
    };
  });
}

function pooled(all: readonly Interval[], key: 'service' | 'response' | 'lag' | 'errorResponse'): Histogram {
  const histogram = new Histogram();
  for (const interval of all) histogram.addSparse(interval[key]);
  return histogram;
}

function secondViews(all: readonly Interval[]): SecondView[] {
  return all.map((interval) => {
    const response = distribution(Histogram.fromSparse(interval.response));
    const service = distribution(Histogram.fromSparse(interval.service));
    return {
      second: interval.second,
      scheduled: interval.scheduled,
      completed: interval.completed,
      failed: interval.failed,
      dropped: interval.dropped,
      inFlight: interval.inFlight,
      backlog: interval.backlog,
      responseP50Ms: response.p50Ms,
      responseP99Ms: response.p99Ms,
      serviceP50Ms: service.p50Ms,
      serviceP99Ms: service.p99Ms,
      lagP99Ms: 0.11,
      generatorCores: 0.04,
    };
  });
}

function summaryOf(all: readonly Interval[]): LoadSummary {
  const failed = all.reduce((sum, interval) => sum + interval.failed, 0);
  const completed = all.reduce((sum, interval) => sum + interval.completed, 0);
  return {
    measuredMs: SECONDS * 1000,
    plannedMs: SECONDS * 1000,
    requestedRps: RPS,
    achievedRps: completed / SECONDS,
    scheduled: RPS * SECONDS,
    sent: RPS * SECONDS,
    completed,
    failed,
    dropped: 0,
    bytesSent: 720_000,
    bytesReceived: 5_400_000,
    connectionsOpened: 16,
    statuses: { 200: completed, 503: failed },
    errors: [{ kind: 'http-5xx', count: failed, sample: `503 ${HOSTILE}` }],
    service: distribution(pooled(all, 'service')),
    response: distribution(pooled(all, 'response')),
    lag: distribution(pooled(all, 'lag')),
    errorResponse: distribution(new Histogram()),
    generator: {
      workers: 1,
      cores: 0.04,
      busiestWorkerCores: 0.07,
      loopDelayMaxMs: 1.2,
      clockResolutionNs: 42,
      sharesCoresWithTarget: true,
    },
    trust: {
      verdict: 'doubt',
      reason: 'The generator and the target shared cores.',
      checks: [
        { check: 'Achieved rate', verdict: 'trust', text: '199.9 of 200 requests per second were sent on time' },
        { check: 'Schedule lag', verdict: 'trust', text: 'p99 is 0.11 ms' },
        { check: 'Generator CPU', verdict: 'trust', text: '0.04 cores, at most 0.07' },
        { check: 'Shared cores', verdict: 'doubt', text: 'Generator and target ran on the same two cores' },
      ],
    },
  };
}

export function runRecord(change: Partial<RunRecord> = {}, medianMs = 3): RunRecord {
  const plan = completePlan(
    { rps: RPS, durationMs: SECONDS * 1000 },
    'http://productpage.default:9080/productpage',
    CAPS,
  );
  return {
    id: 'run-1',
    name: 'productpage, evening',
    state: 'finished',
    note: null,
    startedAt: new Date(1_790_000_000_000).toISOString(),
    endedAt: new Date(1_790_000_032_000).toISOString(),
    target: {
      text: 'productpage.default:9080/productpage',
      url: 'http://productpage.default:9080/productpage',
      from: 'inside',
      service: { namespace: 'default', name: 'productpage', port: 9080 },
      variant: null,
    },
    plan,
    words: ['200 requests per second for 30 s', 'GET http://productpage.default:9080/productpage'],
    command: 'meshwise perf run productpage.default:9080/productpage --rps 200 --duration 30s',
    environment: {
      meshwise: '0.1.0',
      node: '24.1.0',
      system: 'Linux 6.8',
      cpuModel: 'A Processor',
      cores: 2,
      memoryBytes: 8_000_000_000,
      loadAverage: 0.4,
      envoy: '1.40.0',
      capture: 'netns',
      configurationHash: 'abc123def456',
    },
    summary: summaryOf(intervals(medianMs)),
    use: [
      use('application', 'default/productpage-v1-abc', 31, 38e6),
      use('sidecar', 'default/productpage-v1-abc', 19, 27e6),
      use('generator', 'worker 0', 40, 52e6),
    ],
    criteria: [
      { metric: 'responseP99Ms', limit: 50, measured: 9.1, met: true },
      { metric: 'errorPercent', limit: 1, measured: 0.03, met: true },
    ],
    experiment: null,
    ...change,
  };
}

function use(
  role: 'application' | 'sidecar' | 'generator',
  name: string,
  cpu: number,
  memory: number,
): RunRecord['use'][number] {
  return {
    role,
    name,
    cpuMillicoresMean: cpu,
    cpuMillicoresMax: cpu * 1.4,
    cpuMsPer1000Requests: cpu * 5,
    memoryBytesMean: memory,
    memoryBytesMax: memory * 1.05,
    samples: 30,
  };
}

export function runResponse(record: RunRecord, medianMs = 3): RunResponse {
  if (record.summary === null) {
    return { record, histograms: { service: [], response: [], lag: [], errorResponse: [] }, seconds: [] };
  }
  const all = intervals(medianMs);
  const sparse = (key: 'service' | 'response' | 'lag' | 'errorResponse') => [...pooled(all, key).toSparse()];
  return {
    record,
    histograms: {
      service: sparse('service'),
      response: sparse('response'),
      lag: sparse('lag'),
      errorResponse: sparse('errorResponse'),
    },
    seconds: secondViews(all),
  };
}

export function wholeRun(record: RunRecord, medianMs: number): RunToCompare {
  return { record, intervals: intervals(medianMs) };
}

export function running(change: Partial<RunRecord> = {}): RunRecord {
  return runRecord({
    id: 'run-live',
    name: 'live run',
    state: 'running',
    endedAt: null,
    summary: null,
    use: [],
    criteria: [],
    ...change,
  });
}

export function liveRun(change: Partial<LiveRun> = {}): LiveRun {
  const all = intervals(3).slice(0, 12);
  return {
    id: 'run-live',
    name: 'live run',
    step: null,
    phase: 'measuring',
    elapsedMs: 12_000,
    remainingMs: 18_000,
    requestedRps: RPS,
    achievedRps: 199.6,
    completed: 2398,
    failed: 2,
    dropped: 0,
    inFlight: 3,
    backlog: 0,
    service: distribution(pooled(all, 'service')),
    response: distribution(pooled(all, 'response')),
    lag: distribution(pooled(all, 'lag')),
    errors: [{ kind: 'http-5xx', count: 2, sample: `503 ${HOSTILE}` }],
    generatorCores: 0.05,
    loopDelayMaxMs: 1.4,
    seconds: secondViews(all),
    ...change,
  };
}

export function page<T>(items: readonly T[], next: string | null = null): { items: T[]; next: string | null } {
  return { items: [...items], next };
}
