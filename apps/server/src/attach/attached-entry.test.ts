import type { AttachRequest } from '@meshwise/api';
import { istioMesh } from '@meshwise/meshes';
import type { Resource } from '@meshwise/resources';
import { describe, expect, test } from 'vitest';
import { attachedEntry } from './attached-entry.ts';
import { attachedProxy } from './attached-proxy.ts';

const NAMES = { trustDomain: 'cluster.local', clusterDomain: 'cluster.local' };
const group: Resource = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'WorkloadGroup',
  metadata: { name: 'machines', namespace: 'shop' },
  spec: {
    metadata: { labels: { app: 'machine' }, annotations: { owner: 'us' } },
    template: { serviceAccount: 'machine', ports: { http: 8080 }, locality: 'eu/eu-1' },
  },
};
const entryOf = (
  request: Partial<AttachRequest> = {},
  parts: { group?: Resource; before?: Resource; taken?: readonly string[] } = {},
) =>
  attachedEntry({
    request: { name: 'vm', kind: 'envoy', ...request },
    namespace: 'shop',
    group: parts.group,
    before: parts.before,
    taken: new Set(parts.taken),
  });
const descriptorOf = (entry: Resource) => attachedProxy(entry, NAMES)?.descriptor;

describe('the WorkloadEntry of a process that is attached', () => {
  test('has what its WorkloadGroup says, and over that what was asked for', () => {
    expect(entryOf({ labels: { app: 'other' }, ports: ['9090', 'http:8081'] }, { group })).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadEntry',
      metadata: { name: 'vm', namespace: 'shop', annotations: { owner: 'us', 'meshwise.dev/attached': 'envoy' } },
      spec: {
        address: '127.246.0.1',
        serviceAccount: 'machine',
        locality: 'eu/eu-1',
        ports: { http: 8081, 'port-9090': 9090 },
        labels: { app: 'other', 'security.istio.io/tlsMode': 'istio' },
      },
    });
  });

  test('has an address that nobody else has, and keeps it when it is attached again', () => {
    const first = entryOf({}, { taken: ['127.246.0.1', '127.246.0.2'] });
    expect(first.spec).toMatchObject({ address: '127.246.0.3' });
    expect(entryOf({}, { before: first, taken: ['127.246.0.3'] }).spec).toMatchObject({ address: '127.246.0.3' });
    expect(entryOf({ address: '192.0.2.1' }, { before: first }).spec).toMatchObject({ address: '192.0.2.1' });
  });

  test('does not take the place of one that stands for something else', () => {
    const before = { ...entryOf(), metadata: { name: 'vm', namespace: 'shop' } };
    expect(() => entryOf({}, { before })).toThrow('MW2005');
  });

  test('is accepted as written, but for what a proxyless client cannot do', () => {
    const remarks = (entry: Resource) => istioMesh.read(entry)?.residues.map(({ severity }) => severity);
    expect(remarks(entryOf({}, { group }))).toEqual([]);
    expect(remarks(entryOf({ kind: 'grpc' }))).toEqual(['unsupported']);
    expect(istioMesh.read(entryOf({ kind: 'grpc' }))?.items).toMatchObject([{ mutualTls: false, isAttached: true }]);
    expect(istioMesh.read(entryOf())?.items).toMatchObject([{ mutualTls: true, isAttached: true }]);
  });
});

describe('the proxy that an attached WorkloadEntry describes', () => {
  test('is a sidecar with one identity, whose program is on the loopback interface', () => {
    expect(descriptorOf(entryOf({}, { group }))).toMatchObject({
      id: 'sidecar~127.246.0.1~vm.shop~shop.svc.cluster.local',
      role: 'sidecar',
      identity: { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: 'machine' },
      labels: { app: 'machine' },
      locality: 'eu/eu-1',
      workloads: [
        {
          placement: { capture: 'loopback', podIp: '127.246.0.1', programIp: '127.0.0.1' },
          containerPorts: [{ name: 'http', port: 8080 }],
        },
      ],
    });
  });

  test('is a gateway that binds the ports asked for', () => {
    const gateway = descriptorOf(entryOf({ role: 'gateway', ports: ['80:18080', '443'] }));
    expect(gateway).toMatchObject({
      id: 'router~127.0.0.1~vm.shop~shop.svc.cluster.local',
      role: 'gateway',
      workloads: [],
      gateway: { bindAddress: '127.0.0.1', ports: { 80: { port: 18_080 }, 443: { port: 443 } } },
    });
  });

  test('is a gRPC client without an identity', () => {
    const client = descriptorOf(entryOf({ kind: 'grpc' }));
    expect(client).toMatchObject({ role: 'sidecar', client: 'grpc', workloads: [] });
    expect(client).not.toHaveProperty('identity');
  });

  test('is none where nobody attached the process', () => {
    const entry = entryOf();
    expect(attachedProxy({ ...entry, metadata: { name: 'vm' } }, NAMES)).toBeUndefined();
    const unknown = { ...entry, metadata: { name: 'vm', annotations: { 'meshwise.dev/attached': 'nginx' } } };
    expect(attachedProxy(unknown, NAMES)).toBeUndefined();
    expect(istioMesh.read(unknown)?.residues).toMatchObject([{ severity: 'invalid' }]);
  });
});
