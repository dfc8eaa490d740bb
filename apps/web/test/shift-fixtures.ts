import type { ShiftPoint, ShiftReview, ShiftTarget, ShiftView } from '@meshwise/api';

const NO_TRAFFIC = { requestsPerSecond: null, errorPercent: null, latencyP50Ms: null, latencyP99Ms: null };
const START = Date.parse('2026-11-21T12:00:00Z');
const at = (second: number) => new Date(START + second * 1_000).toISOString();

function version(name: string, weight: number | null, percent: number, rps: number | null) {
  const traffic =
    rps === null ? NO_TRAFFIC : { requestsPerSecond: rps, errorPercent: 0.4, latencyP50Ms: 3, latencyP99Ms: 42 };
  return { name, host: 'reviews', subset: name, port: null, weight, percent, podsReady: 1, traffic };
}

export function reviewsTarget(change: Partial<ShiftTarget> = {}): ShiftTarget {
  return {
    namespace: 'default',
    host: 'reviews.default.svc.cluster.local',
    virtualService: 'reviews',
    hosts: ['reviews'],
    route: 0,
    routeName: null,
    matches: ['everything'],
    managedBy: 'Argo CD',
    patches: ['spec.http[0].route[0].weight', 'spec.http[0].route[2].weight'],
    reason: null,
    shift: null,
    versions: [version('v1', 90, 90, 18), version('v2', 10, 10, 2), version('v3', null, 0, null)],
    ...change,
  };
}

export function unroutedTarget(): ShiftTarget {
  return reviewsTarget({
    host: 'details.default.svc.cluster.local',
    virtualService: null,
    route: null,
    matches: [],
    managedBy: null,
    patches: [],
    reason: 'no VirtualService routes it, so that its requests go to all versions alike',
    versions: [version('v1', null, 0, null), { ...version('v2', null, 0, null), podsReady: 0 }],
  });
}

const GATE = { minRequests: 200, successRate: 99, p99: '250ms' };

export function shiftView(change: Partial<ShiftView> = {}): ShiftView {
  return {
    namespace: 'default',
    name: 'reviews-v3',
    createdAt: at(0),
    spec: {
      targetRef: { kind: 'VirtualService', name: 'reviews', route: 0 },
      versions: ['v1', 'v3'].map((name) => ({ name, host: 'reviews', subset: name })),
      steps: [
        { weights: { v1: 90, v3: 10 }, hold: '30s', gate: GATE },
        { weights: { v1: 50, v3: 50 }, hold: '30s', gate: GATE },
        { weights: { v3: 100 } },
      ],
    },
    phase: 'Holding',
    message: 'v3: insufficient data: 41 of 200 requests',
    step: 0,
    startedAt: at(0),
    endedAt: null,
    heldMs: 12_000,
    field: 'spec.http[0].route',
    before: { v1: 100, v3: 0 },
    versions: [
      {
        name: 'v1',
        setWeight: 90,
        observedWeight: 89.4,
        requests: 346,
        errors: 0,
        successRate: 100,
        latencySamples: 300,
        p50Ms: 3,
        p99Ms: 31,
      },
      {
        name: 'v3',
        setWeight: 10,
        observedWeight: 10.6,
        requests: 41,
        errors: 1,
        successRate: 97.6,
        latencySamples: 0,
        p50Ms: null,
        p99Ms: null,
      },
    ],
    verdict: 'insufficient',
    checks: [
      {
        version: 'v3',
        figure: 'successRate',
        verdict: 'insufficient',
        measured: 97.6,
        limit: 99,
        samples: 41,
        needed: 200,
        words: 'insufficient data: 41 of 200 requests',
      },
      {
        version: 'v3',
        figure: 'p99',
        verdict: 'insufficient',
        measured: null,
        limit: 250,
        samples: 0,
        needed: 200,
        words: 'insufficient data: 0 of 200 latencies',
      },
    ],
    proxies: { read: 6, all: 7 },
    log: [{ at: at(0), step: 0, phase: 'Shifting', message: 'it begins; setting step 1 of 3: v1 90 %, v3 10 %' }],
    ...change,
  };
}

export function abortedShift(): ShiftView {
  return shiftView({
    name: 'reviews-v2',
    phase: 'Aborted',
    endedAt: at(60),
    message: 'over: the weights before it are back',
    log: [
      ...shiftView().log,
      {
        at: at(58),
        step: 0,
        phase: 'Restoring',
        message: 'the gate failed: v3: success 80 % of 200 requests (at least 99 %)',
      },
      { at: at(60), step: 0, phase: 'Aborted', message: 'over: the weights before it are back' },
    ],
  });
}

export function points(count = 30): ShiftPoint[] {
  return Array.from({ length: count }, (_, index) => ({
    at: at(2 * index),
    step: index < 15 ? 0 : 1,
    versions: ['v1', 'v3'].map((name, place) => ({
      name,
      setPercent: place === 0 ? 90 : 10,
      requestsPerSecond: place === 0 ? 18 : 2,
      sharePercent: place === 0 ? 90 : 10,
      errorPercent: place === 0 ? 0 : index % 7,
      p50Ms: 3 + place,
      p99Ms: index < 3 ? null : 30 + place * 10 + (index % 5),
      latencySamples: 20,
    })),
  }));
}

const yaml = (v1: number, v3: number) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: reviews\nspec:\n  http:\n  - route:\n    - weight: ${v1}\n    - weight: ${v3}\n`;

export function review(change: Partial<ShiftReview> = {}): ShiftReview {
  return {
    namespace: 'default',
    name: 'reviews-v3',
    spec: shiftView().spec,
    manifest: 'apiVersion: meshwise.dev/v1alpha1\nkind: TrafficShift\nmetadata:\n  name: reviews-v3\n',
    problems: [],
    obstacles: [],
    warnings: ['nobody calls these versions now: gates wait for requests before anything moves'],
    managedBy: 'Argo CD',
    changes: [
      { path: 'spec.http[0].route[0].weight', before: 90, after: 81 },
      {
        path: 'spec.http[0].route[2]',
        before: null,
        after: { destination: { host: 'reviews', subset: 'v3' }, weight: 10 },
      },
    ],
    before: yaml(90, 0),
    first: yaml(81, 10),
    last: yaml(0, 100),
    matches: ['everything'],
    callers: [{ workload: 'default/productpage-v1', requestsPerSecond: 20 }],
    requestsPerSecond: 20,
    ...change,
  };
}
