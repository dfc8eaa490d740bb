import type { Item } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { pod, service, slice } from '../../testing/resources.ts';
import { kubernetesMesh } from '../index.ts';

const read = (...args: Parameters<typeof kubernetesMesh.read>) =>
  kubernetesMesh.read(...args) ?? { items: [], residues: [] };
const itemOf = (...args: Parameters<typeof kubernetesMesh.read>): Item | undefined => read(...args).items[0];

describe('core/v1 Service', () => {
  it('keeps ports with their transport, protocol and target', () => {
    const ports = [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'grpc', port: 90, targetPort: '9090' },
      { name: 'web', port: 91 },
      { name: 'udp-dns', port: 92 },
    ];
    const item = itemOf(service('shop', ports));
    expect(
      item?.kind === 'service' &&
        item.ports.map(({ port, targetPort, transport, protocol }) => [port, targetPort, transport, protocol]),
    ).toEqual([
      [80, 'web', 'TCP', 'http'],
      [53, 53, 'UDP', 'tcp'],
      [90, 9090, 'TCP', 'grpc'],
      [91, 91, 'TCP', 'auto'],
      [92, 92, 'UDP', 'tcp'],
    ]);
  });

  it('says which ports declare no protocol, naming the field', () => {
    const { residues } = read(
      service('shop', [
        { name: 'web', port: 80 },
        { name: 'x', appProtocol: 'own', port: 81 },
      ]),
    );
    expect(residues.map(({ severity, origin }) => [severity, origin.field])).toEqual([
      ['info', 'spec.ports[0].name'],
      ['info', 'spec.ports[1].appProtocol'],
    ]);
  });

  it('has no addresses when headless, and reports its TCP ports', () => {
    const { items, residues } = read(service('db', [{ name: 'tcp', port: 5432 }], { spec: { clusterIP: 'None' } }));
    expect(items[0]).toMatchObject({ kind: 'service', clusterIps: [] });
    expect(residues).toMatchObject([{ severity: 'unsupported', origin: { field: 'spec.ports[0]' } }]);
  });

  it('is for the namespaces that its annotation names', () => {
    const annotations = { 'networking.istio.io/exportTo': '., shop' };
    expect(itemOf(service('a', [], { meta: { annotations } }))).toMatchObject({ exportTo: ['.', 'shop'] });
    expect(itemOf(service('a', []))).not.toHaveProperty('exportTo');
  });

  it('reads all addresses of a dual-stack service', () => {
    const item = itemOf(service('a', [], { spec: { clusterIPs: ['10.96.0.7', 'fd00::7'] } }));
    expect(item).toMatchObject({ clusterIps: ['10.96.0.7', 'fd00::7'] });
  });

  it('reports ExternalName and session affinity instead of dropping them', () => {
    const external = read(service('a', [], { spec: { type: 'ExternalName', externalName: 'example.com' } }));
    expect(external).toMatchObject({
      items: [],
      residues: [{ severity: 'unsupported', origin: { field: 'spec.externalName' } }],
    });
    const sticky = read(service('a', [], { spec: { sessionAffinity: 'ClientIP' } }));
    expect(sticky.residues).toMatchObject([{ severity: 'unsupported', origin: { field: 'spec.sessionAffinity' } }]);
  });

  it('survives specs of any shape', () => {
    for (const spec of [null, 1, [], { ports: 'x' }, { ports: [null, 3, {}] }, { selector: [], clusterIPs: [1] }]) {
      expect(() => read({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec })).not.toThrow();
    }
  });
});

describe('discovery/v1 EndpointSlice', () => {
  it.each([
    [undefined, { ready: true, serving: true, terminating: false }],
    [{}, { ready: true, serving: true, terminating: false }],
    [{ ready: false }, { ready: false, serving: false, terminating: false }],
    [
      { ready: false, serving: true, terminating: true },
      { ready: false, serving: true, terminating: true },
    ],
    [{ ready: null }, { ready: true, serving: true, terminating: false }],
  ])('reads conditions %j as Kubernetes documents them', (conditions, expected) => {
    const endpoint = { ip: '10.244.0.1', ...(conditions === undefined ? {} : { conditions }) };
    expect(itemOf(slice('a', { port: 80 }, [endpoint]))).toMatchObject({ endpoints: [expected] });
  });

  it('belongs to the service its label names, and to none without the label', () => {
    const resource = slice('reviews-x7', { port: 80 }, []);
    expect(itemOf(resource)).toMatchObject({ service: 'reviews', namespace: 'default' });
    expect(read({ ...resource, metadata: { name: 'reviews-x7', namespace: 'default' } }).items).toEqual([]);
  });

  it.each(['unix:///run/docker.sock', 'name.example'])('leaves out the address %s, which is none', (address) => {
    const { items, residues } = read({ ...slice('a', { port: 80 }, []), endpoints: [{ addresses: [address] }] });
    expect(items).toMatchObject([{ endpoints: [] }]);
    expect(residues).toMatchObject([{ severity: 'invalid' }]);
  });

  it('uses the first address only and remembers the pod', () => {
    const resource = {
      ...slice('a', { port: 80 }, []),
      endpoints: [{ addresses: ['10.244.0.1', '10.244.0.2'], targetRef: { kind: 'Pod', name: 'a-1' } }],
    };
    expect(itemOf(resource)).toMatchObject({ endpoints: [{ address: '10.244.0.1', pod: 'a-1' }] });
  });
});

describe('core/v1 Pod', () => {
  it('has the default service account unless it names one', () => {
    expect(itemOf(pod('a', {}))).toMatchObject({ serviceAccount: 'default' });
    expect(itemOf(pod('a', {}, { account: 'shop' }))).toMatchObject({ serviceAccount: 'shop' });
  });

  it('takes mutual TLS only when injected', () => {
    expect(itemOf(pod('a', {}))).toMatchObject({ mutualTls: true });
    expect(itemOf(pod('a', {}, { mesh: false }))).toMatchObject({ mutualTls: false });
  });

  it('makes the same fragment whatever its status says', () => {
    const before = pod('a', { app: 'a' });
    expect(read({ ...before, status: { phase: 'Running' } })).toEqual(read(before));
  });
});

it('answers undefined for kinds that are not its own', () => {
  expect(kubernetesMesh.read({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } })).toBeUndefined();
  expect(
    kubernetesMesh.read({ apiVersion: 'example.com/v1', kind: 'Service', metadata: { name: 'a' } }),
  ).toBeUndefined();
});
