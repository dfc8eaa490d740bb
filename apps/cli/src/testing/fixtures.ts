import type { ProxyView, ResourcesResponse, StatusView, TapEvent } from '@meshwise/api';

/** One moment for all fixtures; the CLI under test has a clock that stands at `NOW`. */
export const NOW = Date.parse('2026-01-02T12:00:00.000Z');

const unmeasured = { requestsPerSecond: null, errorPercent: null, latencyP50Ms: null, latencyP99Ms: null };
const use = { cpuMillicores: 12.4, memoryBytes: 73 * 1024 * 1024 };

export function proxyView(pod: string, change: Partial<ProxyView> = {}): ProxyView {
  return {
    id: `sidecar~192.0.2.7~${pod}.default~default.svc.cluster.local`,
    role: 'sidecar',
    workload: `default/${pod.replace(/-[a-z0-9]+$/, '')}`,
    pod: `default/${pod}`,
    identity: 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews',
    certificateExpiresAt: '2026-01-03T11:00:00.000Z',
    process: 'running',
    restarts: 0,
    lastExit: null,
    connected: true,
    synced: true,
    types: [xdsType('CDS'), xdsType('LDS')],
    health: 'healthy',
    reason: null,
    traffic: unmeasured,
    use,
    version: 'envoy/1.40.0',
    ...change,
  };
}

export function xdsType(type: string, change: Partial<ProxyView['types'][number]> = {}): ProxyView['types'][number] {
  return { type, resources: 3, sent: '7', acknowledged: '7', synced: true, lastRejection: null, ...change };
}

export function statusView(change: Partial<StatusView> = {}): StatusView {
  return {
    at: '2026-01-02T12:00:00.000Z',
    version: '0.1.0',
    state: 'ready',
    mesh: {
      name: 'local',
      trustDomain: 'cluster.local',
      capture: 'netns',
      rootless: false,
      notes: [],
      sample: 'bookinfo',
      envoyVersion: '1.40.0',
    },
    addresses: { gateway: 'http://127.0.0.1:8080', api: 'http://127.0.0.1:15080', ui: 'http://127.0.0.1:15080' },
    daemon: { pid: 4711, startedAt: '2026-01-02T11:00:00.000Z', use },
    services: [
      {
        namespace: 'default',
        name: 'reviews',
        host: 'reviews.default.svc.cluster.local',
        clusterIp: '192.0.2.1',
        ports: [{ name: 'http', port: 9080, protocol: 'http' }],
        endpointsReady: 2,
        endpointsTotal: 3,
        workloads: [],
        health: 'degraded',
        reason: '1 of 3 endpoints is not ready',
        traffic: { requestsPerSecond: 2.5, errorPercent: 0, latencyP50Ms: 1, latencyP99Ms: 4.25 },
      },
    ],
    workloads: [
      {
        namespace: 'default',
        name: 'reviews-v1',
        kind: 'Deployment',
        podsReady: 1,
        podsDesired: 1,
        injected: true,
        health: 'healthy',
        reason: null,
        images: ['meshwise/bookinfo-reviews:v1'],
        pods: [podView('reviews-v1-aaa'), podView('reviews-v1-bbb')],
      },
    ],
    proxies: [proxyView('reviews-v1-aaa')],
    gateways: [],
    calls: [],
    conditions: [
      {
        object: { kind: 'VirtualService', namespace: 'default', name: 'reviews' },
        severity: 'warning',
        field: 'spec.http[0].route[0]',
        message: 'subset v9 is not defined',
      },
    ],
    measuredAt: '2026-01-02T11:59:58.000Z',
    measureIntervalMs: 2000,
    ...change,
  };
}

function podView(name: string): StatusView['workloads'][number]['pods'][number] {
  return {
    namespace: 'default',
    name,
    ip: '192.0.2.7',
    phase: 'Running',
    ready: true,
    terminating: false,
    restarts: 0,
    startedAt: '2026-01-02T11:00:00.000Z',
    reason: null,
    application: use,
    sidecar: use,
  };
}

export function pod(
  name: string,
  change: Record<string, unknown> = {},
): Record<string, unknown> & { apiVersion: string; kind: string } {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      creationTimestamp: '2026-01-02T11:56:40.000Z',
      managedFields: [{ manager: 'meshwise' }],
    },
    spec: {
      containers: [
        { name: 'app', image: 'shop/reviews:1' },
        { name: 'istio-proxy', image: 'meshwise/envoy:1.40.0' },
      ],
    },
    status: {
      phase: 'Running',
      podIP: '192.0.2.7',
      containerStatuses: [
        { name: 'app', ready: true, restartCount: 2, state: { running: {} } },
        { name: 'istio-proxy', ready: true, restartCount: 0, state: { running: {} } },
      ],
    },
    ...change,
  };
}

export function pods(...items: ResourcesResponse['items']): ResourcesResponse {
  return { apiVersion: 'v1', kind: 'Pod', namespaced: true, resourceVersion: '9', items };
}

export const tapEvent: TapEvent = {
  at: '2026-01-02T12:00:01.250Z',
  direction: 'inbound',
  proxy: 'default/reviews-v1-aaa',
  method: 'GET',
  authority: 'reviews:9080',
  path: '/reviews/0',
  status: 200,
  durationMs: 3.14,
  local: '192.0.2.7:9080',
  peer: '192.0.2.9:40000',
  requestId: null,
};
