import { expect, it } from 'vitest';
import { workloadEntry, workloadGroup } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

const read = (spec: object, meta: object = {}) => {
  const fragment = istioMesh.read(workloadEntry('vm', spec, meta));
  const remarks = (fragment?.residues ?? []).map(({ severity, origin }) => `${severity} ${origin.field}`);
  return { item: fragment?.items[0], remarks };
};

it('WorkloadEntry address, ports, labels, locality, weight and serviceAccount make a workload', () => {
  const spec = {
    address: '192.0.2.1',
    ports: { http: 8080 },
    labels: { app: 'vm', version: 'v1' },
    locality: 'eu/eu-1',
    weight: 2,
    serviceAccount: 'vm',
  };
  expect(read(spec)).toMatchObject({
    item: { kind: 'workload', name: 'vm', labels: spec.labels, serviceAccount: 'vm', mutualTls: true, entry: spec },
    remarks: [],
  });
});

it('WorkloadEntry labels: those of the object itself win', () => {
  const { item } = read({ address: '192.0.2.1', labels: { app: 'a', version: 'v1' } }, { labels: { version: 'v2' } });
  expect(item).toMatchObject({ labels: { app: 'a', version: 'v2' }, entry: { labels: { version: 'v2' } } });
});

it.each([
  [{}, false],
  [{ serviceAccount: 'a' }, true],
  [{ serviceAccount: 'a', labels: { 'security.istio.io/tlsMode': 'disabled' } }, false],
  [{ labels: { 'security.istio.io/tlsMode': 'istio' } }, true],
])('a sidecar stands at a WorkloadEntry with %j: %s', (spec, expected) => {
  expect(read({ address: '192.0.2.1', ...spec }).item).toMatchObject({ mutualTls: expected });
});

it('WorkloadEntry weight 0 is the unset one', () => {
  expect(read({ address: '192.0.2.1', weight: 0 }).item).not.toHaveProperty('entry.weight');
});

it('WorkloadEntry network is not looked at, and alone it leads nowhere', () => {
  expect(read({ address: '192.0.2.1', network: 'n' }).remarks).toEqual(['info spec.network']);
  expect(read({ network: 'n' })).toEqual({ item: undefined, remarks: ['info spec.network', 'invalid spec.address'] });
});

it('WorkloadGroup says of template, metadata and probe what is wrong or has no effect', () => {
  const fragment = istioMesh.read(
    workloadGroup('g', {
      metadata: { labels: { app: 'vm' }, annotations: {} },
      template: { ports: { http: 1 }, serviceAccount: 'vm', labels: { a: 'b' }, address: '192.0.2.1' },
      probe: { httpGet: { port: 1 } },
    }),
  );
  expect(fragment?.items).toEqual([]);
  expect(fragment?.residues.map(({ severity, origin }) => `${severity} ${origin.field}`)).toEqual([
    'invalid spec.template.address',
    'invalid spec.template.labels',
    'unsupported spec.probe',
  ]);
  expect(istioMesh.read(workloadGroup('g', {}))?.residues[0]?.origin.field).toBe('spec.template');
});
