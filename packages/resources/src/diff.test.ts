import { describe, expect, it } from 'vitest';
import { deployment } from './contract/fixtures.ts';
import { diffResources } from './diff.ts';

const a = { name: 'a', image: 'a:1' };
const b = { name: 'b', image: 'b:1' };

describe('Differences of resources', () => {
  it('name each changed field with both values', () => {
    const before = deployment('n', 'd', { replicas: 1, containers: [a, b] });
    const after = deployment('n', 'd', { replicas: 2, containers: [a, { ...b, image: 'b:2' }] });
    expect(diffResources(before, after)).toEqual([
      { path: 'spec.replicas', before: 1, after: 2 },
      { path: 'spec.template.spec.containers[1].image', before: 'b:1', after: 'b:2' },
    ]);
  });

  it('leave out status and what the server writes', () => {
    const before = deployment('n', 'd', { containers: [a] });
    const after = {
      ...before,
      status: { replicas: 1 },
      metadata: { ...before.metadata, uid: 'u', resourceVersion: '5' },
    };
    expect(diffResources(before, after)).toEqual([]);
  });

  it('tell items of a keyed list by their key', () => {
    const before = deployment('n', 'd', { containers: [a, b] });
    expect(diffResources(before, deployment('n', 'd', { containers: [b, a] }))).toEqual([]);
    expect(diffResources(before, deployment('n', 'd', { containers: [b] }))).toEqual([
      { path: 'spec.template.spec.containers[0]', before: a, after: undefined },
    ]);
  });

  it('compare other lists place by place', () => {
    const route = (weight: number) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'v' },
      spec: { http: [{ route: [{ destination: { host: 'a' }, weight }] }] },
    });
    expect(diffResources(route(90), route(80))).toEqual([
      { path: 'spec.http[0].route[0].weight', before: 90, after: 80 },
    ]);
  });

  it('show a resource that comes or goes as one difference', () => {
    const only = deployment('n', 'd', { containers: [a] });
    expect(diffResources(undefined, only)).toMatchObject([{ path: '', before: undefined }]);
    expect(diffResources(only, undefined)).toMatchObject([{ path: '', after: undefined }]);
  });
});
