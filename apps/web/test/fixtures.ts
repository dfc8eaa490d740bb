import type { ConditionView, PodView, ProxyView, ServiceView, StatusView, WorkloadView } from '@meshwise/api';
import { calls, gateways } from './network-fixtures.ts';
import { traffic, UNMEASURED } from './traffic-fixtures.ts';

/** A mesh with BookInfo in which one thing of every kind is not well. Times are relative to `nowMs`. */
export function bookinfo(nowMs: number): StatusView {
  return {
    ...empty(nowMs),
    mesh: { ...empty(nowMs).mesh, sample: 'bookinfo' },
    addresses: { gateway: 'http://127.0.0.1:8080', api: 'http://127.0.0.1:15080', ui: 'http://127.0.0.1:15080/' },
    services: services(),
    workloads: workloads(nowMs),
    proxies: proxies(nowMs),
    gateways: gateways(),
    calls: calls(),
    conditions: conditions(),
  };
}

/** The mesh as it is after `meshwise up --sample none`. */
export function empty(nowMs: number): StatusView {
  return {
    at: iso(nowMs),
    version: '0.1.0',
    state: 'ready',
    mesh: {
      name: 'local',
      trustDomain: 'cluster.local',
      capture: 'netns',
      rootless: true,
      notes: [],
      sample: null,
      envoyVersion: '1.40.0',
    },
    addresses: { gateway: null, api: 'http://127.0.0.1:15080', ui: 'http://127.0.0.1:15080/' },
    daemon: { pid: 4242, startedAt: iso(nowMs - 42 * MINUTE_MS), use: { cpuMillicores: 31, memoryBytes: 118 * MIB } },
    services: [],
    workloads: [],
    proxies: [],
    gateways: [],
    calls: [],
    conditions: [],
    measuredAt: iso(nowMs),
    measureIntervalMs: 5000,
  };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MIB = 1024 * 1024;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function service(name: string, change: Partial<ServiceView> = {}): ServiceView {
  return {
    namespace: 'default',
    name,
    host: `${name}.default.svc.cluster.local`,
    clusterIp: '240.0.0.10',
    ports: [{ name: 'http', port: 9080, protocol: 'HTTP' }],
    endpointsReady: 1,
    endpointsTotal: 1,
    workloads: [`default/${name}-v1`],
    health: 'healthy',
    reason: null,
    traffic: traffic(42.4),
    ...change,
  };
}

function services(): ServiceView[] {
  return [
    service('details', { traffic: traffic(41.8, 0, 1.9, 6.2) }),
    service('productpage', { traffic: traffic(42.4, 0.04, 21, 148) }),
    service('ratings', {
      health: 'failing',
      reason: 'No endpoint is ready: ratings-v1 is in CrashLoopBackOff',
      endpointsReady: 0,
      traffic: traffic(27.9, 100, 0.4, 1.1),
    }),
    service('reviews', {
      health: 'degraded',
      reason: '3.1 % of requests failed in the last window',
      endpointsReady: 2,
      endpointsTotal: 3,
      workloads: ['default/reviews-v1', 'default/reviews-v2', 'default/reviews-v3'],
      traffic: traffic(41.7, 3.1, 8.4, 1320),
    }),
    service('mysqldb', {
      namespace: 'shop',
      workloads: ['shop/mysqldb'],
      host: 'mysqldb.shop.svc.cluster.local',
      ports: [{ name: 'tcp-mysql', port: 3306, protocol: 'TCP' }],
      health: 'unknown',
      reason: 'Its workload has no sidecar, so nothing measures it',
      traffic: UNMEASURED,
    }),
    service('recommendations-with-a-rather-long-name', {
      namespace: 'shop',
      workloads: [],
      host: 'recommendations-with-a-rather-long-name.shop.svc.cluster.local',
      health: 'idle',
      reason: 'No requests in the last window',
      traffic: traffic(0, null, null, null),
    }),
  ];
}

function pod(name: string, nowMs: number, change: Partial<PodView> = {}): PodView {
  return {
    namespace: 'default',
    name,
    ip: '10.244.0.12',
    phase: 'Running',
    ready: true,
    terminating: false,
    restarts: 0,
    startedAt: iso(nowMs - 41 * MINUTE_MS),
    reason: null,
    application: { cpuMillicores: 14, memoryBytes: 38 * MIB },
    sidecar: { cpuMillicores: 6, memoryBytes: 27 * MIB },
    ...change,
  };
}

function workload(name: string, nowMs: number, change: Partial<WorkloadView> = {}): WorkloadView {
  return {
    namespace: 'default',
    name,
    kind: 'Deployment',
    podsReady: 1,
    podsDesired: 1,
    injected: true,
    health: 'healthy',
    reason: null,
    images: [`meshwise/bookinfo-${name}:1.20`],
    pods: [pod(`${name}-7d4f9c6b8-x2lqp`, nowMs)],
    ...change,
  };
}

function workloads(nowMs: number): WorkloadView[] {
  const crash = 'CrashLoopBackOff: exited with code 1';
  return [
    workload('details-v1', nowMs),
    workload('productpage-v1', nowMs, {
      podsReady: 2,
      podsDesired: 2,
      pods: [pod('productpage-v1-6b7c9-4kd8s', nowMs), pod('productpage-v1-6b7c9-9wzrt', nowMs, { ip: '10.244.0.13' })],
    }),
    workload('ratings-v1', nowMs, {
      podsReady: 0,
      health: 'failing',
      reason: crash,
      pods: [
        pod('ratings-v1-85cc9d7f6-hm2vn', nowMs, {
          ready: false,
          restarts: 7,
          reason: crash,
          application: { cpuMillicores: null, memoryBytes: null },
        }),
      ],
    }),
    workload('reviews-v1', nowMs),
    workload('reviews-v2', nowMs),
    workload('reviews-v10', nowMs, {
      podsReady: 0,
      health: 'degraded',
      reason: 'Waiting for its readiness probe',
      pods: [pod('reviews-v10-5f4d8-qq1xz', nowMs, { ready: false, phase: 'Pending', startedAt: null, ip: null })],
    }),
    workload('mysqldb', nowMs, {
      namespace: 'shop',
      kind: 'StatefulSet',
      injected: false,
      health: 'unknown',
      reason: 'No sidecar',
      images: ['mysql:8'],
      pods: [pod('mysqldb-0', nowMs, { namespace: 'shop', sidecar: null })],
    }),
  ];
}

const TYPES = ['CDS', 'EDS', 'LDS', 'RDS', 'SDS'];

function proxy(workloadName: string, nowMs: number, change: Partial<ProxyView> = {}): ProxyView {
  return {
    id: `sidecar~${workloadName}`,
    role: 'sidecar',
    workload: `default/${workloadName}`,
    pod: `${workloadName}-7d4f9c6b8-x2lqp`,
    identity: `spiffe://cluster.local/ns/default/sa/bookinfo-${workloadName}`,
    certificateExpiresAt: iso(nowMs + 23 * HOUR_MS + 30 * MINUTE_MS),
    process: 'running',
    restarts: 0,
    lastExit: null,
    connected: true,
    synced: true,
    types: TYPES.map((type) => ({
      type,
      resources: 6,
      sent: '41',
      acknowledged: '41',
      synced: true,
      lastRejection: null,
    })),
    health: 'healthy',
    reason: null,
    traffic: traffic(84.1, 0, 0.4, 2.2),
    use: { cpuMillicores: 6, memoryBytes: 27 * MIB },
    version: '1.40.0',
    ...change,
  };
}

export const REJECTION =
  "Error adding/updating listener(s) virtualInbound: invalid path: /filters/missing.wasm (filter 'add_header' of EnvoyFilter default/add-header)";

function proxies(nowMs: number): ProxyView[] {
  const rejected = {
    type: 'LDS',
    resources: 4,
    sent: '42',
    acknowledged: '41',
    synced: false,
    lastRejection: { at: iso(nowMs - 2 * MINUTE_MS), resources: ['virtualInbound'], reason: REJECTION },
  };
  const types = proxy('x', nowMs).types;
  return [
    proxy('details-v1', nowMs),
    proxy('productpage-v1', nowMs),
    proxy('ratings-v1', nowMs, {
      process: 'restarting',
      restarts: 3,
      lastExit: 'killed by signal 9',
      connected: false,
      synced: false,
      health: 'failing',
      reason: 'The process restarts for the 3rd time: killed by signal 9',
      traffic: UNMEASURED,
      use: { cpuMillicores: null, memoryBytes: null },
    }),
    proxy('reviews-v1', nowMs, {
      synced: false,
      health: 'degraded',
      reason: 'Rejected LDS version 42; the last good configuration is in force',
      types: types.map((type) => (type.type === 'LDS' ? rejected : type)),
    }),
    proxy('reviews-v2', nowMs, { certificateExpiresAt: iso(nowMs - 3 * MINUTE_MS) }),
    proxy('bookinfo-gateway', nowMs, {
      id: 'gateway~bookinfo-gateway',
      role: 'gateway',
      workload: 'bookinfo-gateway',
      pod: null,
      identity: null,
      certificateExpiresAt: null,
      traffic: traffic(1240, 0.9, 24, 180),
    }),
  ];
}

function conditions(): ConditionView[] {
  return [
    {
      object: { kind: 'VirtualService', namespace: 'default', name: 'reviews' },
      severity: 'error',
      field: 'spec.http[0].route[1].destination.subset',
      message: "Subset 'v4' is defined by no DestinationRule of reviews.default.svc.cluster.local",
    },
    {
      object: { kind: 'EnvoyFilter', namespace: 'default', name: 'add-header' },
      severity: 'warning',
      field: null,
      message: 'EnvoyFilter is not enforced by this release',
    },
    {
      object: { kind: 'Sidecar', namespace: 'shop', name: 'default' },
      severity: 'info',
      field: 'spec.outboundTrafficPolicy',
      message: 'Same as the default of the mesh',
    },
  ];
}
