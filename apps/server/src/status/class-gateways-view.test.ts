import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { classGatewayViews } from './class-gateways-view.ts';
import type { SeenProxy, Snapshot } from './snapshot.ts';

const LABEL = 'gateway.networking.k8s.io/gateway-name';
const condition = (type: string, status: 'True' | 'False', reason: string = type) => ({
  type,
  status,
  reason,
  message: 'so it is',
});
const gateway = (spec: object = {}, listenerConditions = [condition('Accepted', 'True')]): Resource =>
  ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gw', namespace: 'shop' },
    spec: {
      gatewayClassName: 'meshwise',
      listeners: [{ name: 'https', port: 443, protocol: 'HTTPS', hostname: 'a.b' }],
      ...spec,
    },
    status: { listeners: [{ name: 'https', attachedRoutes: 2, conditions: listenerConditions }] },
  }) as Resource;
const proxy = (namespace: string, labels: Readonly<Record<string, string>>): SeenProxy => {
  const id = `g.${namespace}`;
  return {
    running: {
      descriptor: { id, role: 'gateway', namespace, labels, workloads: [] },
      pod: undefined,
      state: { process: 'running', pid: 9, restarts: 0, lastExit: undefined },
    },
    xds: { id, connectedSinceMs: 1, types: {}, synced: true, refusedSecrets: 0 },
    certificate: undefined,
    nowMs: 0,
  };
};
const snapshot = (over: Partial<Snapshot>): Snapshot => ({
  services: [],
  endpointSlices: [],
  deployments: [],
  statefulSets: [],
  replicaSets: [],
  pods: [],
  gateways: [],
  classGateways: [gateway()],
  virtualServices: [],
  proxies: [proxy('shop', { [LABEL]: 'gw' })],
  residues: new Map(),
  samples: { use: new Map(), atMs: 0, intervalMs: 1, proxies: new Map() },
  programPids: () => [],
  gatewayPorts: {},
  classGatewayPorts: () => ({ 443: 18_443 }),
  ...over,
});
const only = (over: Partial<Snapshot> = {}) => classGatewayViews(snapshot(over))[0];

describe('001-77 Gateways of the Gateway API in the overview', () => {
  it('have a row for each listener, with the port of this machine that stands for it', () => {
    expect(only()).toMatchObject({
      ...{ namespace: 'shop', name: 'gw', listener: 'https', hosts: ['a.b'], port: 443, routes: 2 },
      ...{ address: 'https://127.0.0.1:18443', health: 'healthy' },
    });
  });

  it('say why a listener is not served', () => {
    const conditions = [condition('Accepted', 'True'), condition('ResolvedRefs', 'False', 'InvalidCertificateRef')];
    expect(only({ classGateways: [gateway({}, conditions)] })).toMatchObject({
      address: null,
      health: 'failing',
      reason: 'InvalidCertificateRef: so it is',
    });
    expect(only({ proxies: [proxy('other', { [LABEL]: 'gw' })] })).toMatchObject({ reason: 'no proxy runs for it' });
  });

  it('are served by the gateways behind the Service that they name', () => {
    const named = gateway({ addresses: [{ type: 'Hostname', value: 'ingress.edge.svc.cluster.local' }] });
    const ingress = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ingress', namespace: 'edge' },
      spec: { selector: { app: 'ingress' } },
    } as Resource;
    const over = { classGateways: [named], services: [ingress] };
    expect(only({ ...over, proxies: [proxy('edge', { app: 'ingress' })] })).toMatchObject({ health: 'healthy' });
    expect(only(over)).toMatchObject({ health: 'failing' });
  });

  it('are absent while nobody has said anything of them: then they are not ours', () => {
    const { status: _, ...foreign } = gateway();
    expect(only({ classGateways: [foreign as Resource] })).toBeUndefined();
  });
});
