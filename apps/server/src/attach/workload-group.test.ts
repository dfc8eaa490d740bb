import type { Resource, WorkloadEntrySpec } from '@meshwise/resources';
import { describe, expect, test } from 'vitest';
import { attachedEntry } from './attached-entry.ts';

const group: Resource = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'WorkloadGroup',
  metadata: { name: 'machines', namespace: 'shop' },
  spec: {
    metadata: { labels: { app: 'vm' }, annotations: { note: 'a' } },
    template: { ports: { http: 8080 }, locality: 'region/zone', weight: 5, serviceAccount: 'vm' },
  },
};

function entry(request: { readonly ports?: string[]; readonly serviceAccount?: string } = {}) {
  const parts = { namespace: 'shop', group, before: undefined, taken: new Set<string>() };
  const resource = attachedEntry({ ...parts, request: { name: 'm', kind: 'envoy', ...request } });
  return { metadata: resource.metadata, spec: resource.spec as WorkloadEntrySpec };
}

describe('a process that is attached with a group', () => {
  test('WorkloadGroup metadata.labels and metadata.annotations are those of its WorkloadEntry', () => {
    expect(entry().spec.labels).toMatchObject({ app: 'vm' });
    expect(entry().metadata.annotations).toMatchObject({ note: 'a' });
  });

  test('WorkloadGroup template.ports, locality, weight and serviceAccount are those of its WorkloadEntry', () => {
    const template = { ports: { http: 8080 }, locality: 'region/zone', weight: 5, serviceAccount: 'vm' };
    expect(entry().spec).toMatchObject(template);
  });

  test('says more itself, or otherwise', () => {
    expect(entry({ ports: ['grpc:9090'], serviceAccount: 'own' }).spec).toMatchObject({
      ports: { http: 8080, grpc: 9090 },
      serviceAccount: 'own',
      locality: 'region/zone',
    });
  });
});
