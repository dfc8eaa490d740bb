import { StatusView } from '@meshwise/api';
import type { Resource } from '@meshwise/resources';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { buildStatus, type StatusFacts } from './build-status.ts';
import type { TrafficSample } from './sampler.ts';
import type { SeenProxy, Snapshot } from './snapshot.ts';

const FACTS: StatusFacts = {
  nowMs: Date.parse('2026-11-21T12:00:00Z'),
  version: '0.1.0',
  lifecycle: 'running',
  settling: false,
  clusterDomain: 'cluster.local',
  mesh: {
    name: 'local',
    trustDomain: 'cluster.local',
    capture: 'netns',
    rootless: false,
    notes: [],
    sample: null,
    envoyVersion: '1.40.0',
  },
  addresses: { gateway: null, api: 'http://127.0.0.1:1', ui: 'http://127.0.0.1:1' },
  daemon: { pid: 77, startedAt: '2026-11-21T11:00:00Z' },
};

function resource(kind: string, name: string, over: Record<string, unknown> = {}, metadata: object = {}): Resource {
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'shop', uid: `${kind}-${name}`, ...metadata },
    ...over,
  };
}
const owner = (of: Resource) => ({
  ownerReferences: [{ apiVersion: of.apiVersion, kind: of.kind, name: of.metadata.name, uid: of.metadata.uid ?? '' }],
});

const deployment = resource('Deployment', 'web', {
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', image: 'shop/web:1' }] } } },
});
const set = resource('ReplicaSet', 'web-1', {}, owner(deployment));
const containers = [{ name: 'web', image: 'shop/web:1' }, { name: 'istio-proxy' }];
function pod(ready: boolean, over: Record<string, unknown> = {}): Resource {
  const status = {
    phase: 'Running',
    podIP: '10.244.0.9',
    conditions: [
      {
        type: 'Ready',
        status: ready ? 'True' : 'False',
        ...(ready ? {} : { message: 'web: not ready: GET / answered 500' }),
      },
    ],
    containerStatuses: [{ name: 'web', restartCount: 2 }],
    ...over,
  };
  return resource('Pod', 'web-1-x', { spec: { containers }, status }, owner(set));
}
const service = resource('Service', 'web', {
  spec: { selector: { app: 'web' }, clusterIP: '10.96.0.9', ports: [{ name: 'http', port: 80 }] },
});
function slice(ready: boolean): Resource {
  const endpoints = [{ addresses: ['10.244.0.9'], conditions: { ready } }];
  return resource(
    'EndpointSlice',
    'web-s',
    { endpoints, ports: [{ port: 8080 }] },
    { labels: { 'kubernetes.io/service-name': 'web' } },
  );
}
function proxy(over: Partial<SeenProxy> = {}): SeenProxy {
  const running = {
    descriptor: { id: 'sidecar~10.244.0.9~web', role: 'sidecar', namespace: 'shop', labels: {}, workloads: [] },
    pod: { namespace: 'shop', name: 'web-1-x', uid: 'Pod-web-1-x' },
    adminSocketPath: '',
    state: { process: 'running', pid: 9, restarts: 0, lastExit: undefined },
  } as const;
  const xds = { id: running.descriptor.id, connectedSinceMs: 1, types: {}, synced: true, refusedSecrets: 0 };
  return { running, xds, certificate: undefined, nowMs: FACTS.nowMs, ...over };
}
function traffic(over: Partial<TrafficSample>): Snapshot['samples'] {
  const sample = { requestsPerSecond: 10, errorPercent: 0, latencyP50Ms: 1, latencyP99Ms: 9, ...over };
  const one = { inbound: new Map([[8080, sample]]), downstream: undefined, upstream: new Map() };
  return { use: new Map(), atMs: FACTS.nowMs, intervalMs: 2_000, proxies: new Map([['sidecar~10.244.0.9~web', one]]) };
}
function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    services: [service],
    endpointSlices: [slice(true)],
    deployments: [deployment],
    statefulSets: [],
    replicaSets: [set],
    pods: [pod(true)],
    gateways: [],
    virtualServices: [],
    proxies: [proxy()],
    residues: new Map(),
    samples: traffic({}),
    programPids: () => [8],
    gatewayPorts: {},
    classGateways: [],
    classGatewayPorts: () => ({}),
    ...over,
  };
}

describe('the status', () => {
  it('fits the contract and is ready when all is well', () => {
    const status = buildStatus(snapshot(), FACTS);
    expect([...Value.Errors(StatusView, status)]).toEqual([]);
    expect(status.state).toBe('ready');
    expect(status.services[0]).toMatchObject({
      health: 'healthy',
      traffic: { requestsPerSecond: 10, latencyP99Ms: 9 },
      workloads: ['shop/web'],
    });
    expect(status.workloads[0]).toMatchObject({
      health: 'healthy',
      injected: true,
      podsReady: 1,
      images: ['shop/web:1'],
    });
    expect(status.proxies[0]).toMatchObject({ workload: 'shop/web', health: 'healthy', synced: true });
  });

  it('says why a workload is not ready, and is starting only until everything was well once', () => {
    const broken = snapshot({ pods: [pod(false)], endpointSlices: [slice(false)] });
    const status = buildStatus(broken, FACTS);
    expect(status.state).toBe('degraded');
    expect(status.workloads[0]).toMatchObject({ health: 'failing', reason: 'web: not ready: GET / answered 500' });
    expect(status.services[0]).toMatchObject({ health: 'failing', reason: 'none of 1 endpoints is ready' });
    expect(buildStatus(broken, { ...FACTS, settling: true }).state).toBe('starting');
  });

  it('names an image that is not in the catalogue as the reason', () => {
    const waiting = { reason: 'ImageNotMapped', message: 'No program is known for image shop/web:1' };
    const pods = [pod(false, { containerStatuses: [{ name: 'web', restartCount: 0, state: { waiting } }] })];
    expect(buildStatus(snapshot({ pods }), FACTS).workloads[0]?.reason).toBe(
      'ImageNotMapped: No program is known for image shop/web:1',
    );
  });

  it('says of a service that selects nothing that it does, and never that it is healthy', () => {
    const status = buildStatus(snapshot({ endpointSlices: [] }), FACTS);
    expect(status.services[0]).toMatchObject({ health: 'failing', reason: 'the service selects no pod' });
  });

  it.each([
    [0, 0, 'idle'],
    [5, 0.5, 'healthy'],
    [5, 1, 'degraded'],
    [5, 50, 'failing'],
  ])('takes %d requests a second with %d %% errors for %s', (requestsPerSecond, errorPercent, health) => {
    const samples = traffic({ requestsPerSecond, errorPercent: requestsPerSecond === 0 ? undefined : errorPercent });
    expect(buildStatus(snapshot({ samples }), FACTS).services[0]?.health).toBe(health);
  });

  it('says that a rollout is stuck although the old pods serve', () => {
    const conditions = [
      { type: 'Progressing', status: 'False', message: 'ReplicaSet web-2 has timed out progressing.' },
    ];
    const status = buildStatus(snapshot({ deployments: [{ ...deployment, status: { conditions } }] }), FACTS);
    expect(status.workloads[0]).toMatchObject({
      health: 'degraded',
      reason: 'ReplicaSet web-2 has timed out progressing.',
    });
  });

  it('does not call a proxy with an expired certificate healthy', () => {
    const certificate = { notAfterMs: FACTS.nowMs - 1 } as NonNullable<SeenProxy['certificate']>;
    const status = buildStatus(snapshot({ proxies: [proxy({ certificate })] }), FACTS);
    expect(status.proxies[0]).toMatchObject({ health: 'failing', reason: 'its certificate has expired' });
  });

  it('shows what was not measured as unknown, never as zero', () => {
    const samples = { use: new Map(), proxies: new Map(), atMs: undefined, intervalMs: 2_000 };
    const status = buildStatus(snapshot({ samples }), FACTS);
    expect(status.measuredAt).toBeNull();
    expect(status.services[0]?.traffic).toEqual({
      requestsPerSecond: null,
      errorPercent: null,
      latencyP50Ms: null,
      latencyP99Ms: null,
    });
    expect(status.workloads[0]?.pods[0]?.application).toEqual({ cpuMillicores: null, memoryBytes: null });
  });

  it('keeps the application and its sidecar apart (000-54)', () => {
    const use = new Map([
      [8, { cpuMillicores: 120, memoryBytes: 1_000 }],
      [9, { cpuMillicores: 30, memoryBytes: 500 }],
    ]);
    const status = buildStatus(snapshot({ samples: { ...traffic({}), use } }), FACTS);
    expect(status.workloads[0]?.pods[0]).toMatchObject({
      application: { cpuMillicores: 120, memoryBytes: 1_000 },
      sidecar: { cpuMillicores: 30, memoryBytes: 500 },
    });
  });

  it.each([
    ['is not connected', { xds: undefined }, 'degraded', 'not connected to the control plane'],
    [
      'rejected something',
      {
        xds: {
          id: 'x',
          connectedSinceMs: 1,
          synced: false,
          refusedSecrets: 0,
          types: {
            RDS: {
              resourceCount: 1,
              pending: false,
              lastNack: {
                type: 'RDS',
                nonce: '1',
                version: '1',
                message: 'bad route',
                resources: ['9080'],
                atMs: 5,
                isOpen: true,
              },
            },
          },
        },
      },
      'degraded',
      'RDS rejected: 9080: bad route',
    ],
  ] as const)('says of a proxy that it %s', (_case, over, health, reason) => {
    const status = buildStatus(snapshot({ proxies: [proxy(over as Partial<SeenProxy>)] }), FACTS);
    expect(status.proxies[0]).toMatchObject({ health, reason });
    expect(status.state).toBe('degraded');
  });
});

describe('gateways', () => {
  const gateway = resource('Gateway', 'front', {
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ hosts: ['*'], port: { number: 8080, name: 'http', protocol: 'HTTP' } }],
    },
  });
  const routes = resource('VirtualService', 'web', { spec: { hosts: ['*'], gateways: ['front'], http: [{}, {}] } });
  const gatewayProxy = proxy({
    running: {
      ...proxy().running,
      descriptor: {
        id: 'g',
        role: 'gateway',
        namespace: 'istio-system',
        labels: { istio: 'ingressgateway' },
        workloads: [],
      },
    },
  });

  it('have an address once something listens for them, and count their routes', () => {
    const status = buildStatus(
      snapshot({
        gateways: [gateway],
        virtualServices: [routes],
        proxies: [gatewayProxy],
        gatewayPorts: { 8080: 18080 },
      }),
      FACTS,
    );
    expect(status.gateways).toMatchObject([{ address: 'http://127.0.0.1:18080', routes: 2, health: 'healthy' }]);
  });

  it('fail with their proxy', () => {
    const state = { process: 'restarting', pid: undefined, restarts: 3, lastExit: 'exited with code 1' } as const;
    const down = proxy({ running: { ...gatewayProxy.running, state } });
    const over = { gateways: [gateway], virtualServices: [routes], proxies: [down], gatewayPorts: { 8080: 18080 } };
    const status = buildStatus(snapshot(over), FACTS);
    expect(status.gateways[0]).toMatchObject({ health: 'failing', reason: 'its proxy: exited with code 1' });
    expect(status.state).toBe('degraded');
  });

  it.each([
    ['its selector matches no gateway proxy', { proxies: [proxy()], virtualServices: [routes] }],
    ['nothing listens for this port', { proxies: [gatewayProxy], virtualServices: [routes], gatewayPorts: {} }],
    ['no VirtualService is bound to it, so every request gets 404', { proxies: [gatewayProxy], virtualServices: [] }],
  ])('say when %s', (reason, over) => {
    const status = buildStatus(snapshot({ gateways: [gateway], gatewayPorts: { 8080: 18080 }, ...over }), FACTS);
    expect(status.gateways[0]).toMatchObject({ reason });
    expect(status.gateways[0]?.health).not.toBe('healthy');
  });
});
