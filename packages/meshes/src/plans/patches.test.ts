import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { age, gatewayProxy, service, sidecar, workload } from '../testing/resources.ts';

function filter(name: string, spec: object = {}, created = 0, patch: object = {}): Resource {
  const [namespace = '', own = ''] = name.split('/');
  const entry = { applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: { alt_stat_name: name } }, ...patch };
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { namespace, name: own, ...age(created) },
    spec: { configPatches: [entry], ...spec },
  };
}

const reviews = sidecar(workload('reviews-1', { app: 'reviews' }));
const ratings = sidecar(workload('ratings-1', { app: 'ratings' }));
const gateway = gatewayProxy('istio-system', { istio: 'ingressgateway' });

function meshOf(...resources: readonly Resource[]): TestMesh {
  const mesh = new TestMesh(service('reviews', [{ name: 'http', port: 80 }]), ...resources);
  for (const proxy of [reviews, ratings, gateway]) mesh.model.setProxy(proxy);
  return mesh;
}

function namesOf(mesh: TestMesh, proxy: { readonly id: string }): readonly unknown[] | undefined {
  const { patches } = mesh.model.outbound(mesh.model.scopeOf(proxy.id));
  return patches?.map(({ origin }) => `${origin.resource.namespace}/${origin.resource.name}`);
}

describe('patches of Envoy configuration', () => {
  it('hold for the proxies of their namespace; those of the root namespace for all', () => {
    const mesh = meshOf(filter('default/own'), filter('shop/other'), filter('istio-system/all'));
    expect(namesOf(mesh, reviews)).toEqual(['istio-system/all', 'default/own']);
    expect(namesOf(mesh, gateway)).toEqual(['istio-system/all']);
  });

  it('EnvoyFilter priority: they are applied by it, then the root namespace first, then by age, then by name', () => {
    const mesh = meshOf(
      filter('default/late', {}, 9),
      filter('default/b', {}, 1),
      filter('default/a', {}, 1),
      filter('istio-system/root', {}, 50),
      filter('default/first', { priority: -1 }, 99),
      filter('istio-system/last', { priority: 5 }),
    );
    const expected = [
      'default/first',
      'istio-system/root',
      'default/a',
      'default/b',
      'default/late',
      'istio-system/last',
    ];
    expect(namesOf(mesh, reviews)).toEqual(expected);
  });

  it('EnvoyFilter workloadSelector: they hold for the workloads selected, and only those have a scope of their own', () => {
    const mesh = meshOf(filter('default/f', { workloadSelector: { labels: { app: 'reviews' } } }));
    expect(namesOf(mesh, reviews)).toEqual(['default/f']);
    expect(namesOf(mesh, ratings)).toBeUndefined();
    expect(mesh.model.scopeOf(ratings.id)).toBe('sidecar/default');
    expect(mesh.model.scopeOf(reviews.id)).not.toBe('sidecar/default');
    // What is not patched is shared all the same.
    const plan = mesh.model.outbound(mesh.model.scopeOf(reviews.id));
    expect(plan.clusters).toBe(mesh.sidecar().clusters);
    expect(plan.httpPorts).toBe(mesh.sidecar().httpPorts);
  });

  it('EnvoyFilter targetRefs: they hold for the gateways of that name in their namespace', () => {
    const named = gatewayProxy('istio-system', { 'gateway.networking.k8s.io/gateway-name': 'gw' });
    const ref = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' };
    const mesh = meshOf(filter('istio-system/f', { targetRefs: [ref] }));
    expect(namesOf(mesh, gateway)).toBeUndefined();
    mesh.model.setProxy({ ...named, id: 'gateway~2' });
    expect(namesOf(mesh, { id: 'gateway~2' })).toEqual(['istio-system/f']);
    expect(namesOf(mesh, reviews)).toBeUndefined();
  });

  it.each([
    [{ proxyVersion: '^1\\.31' }, true],
    [{ proxyVersion: '31' }, true],
    [{ proxyVersion: '^1\\.9' }, false],
    [{ metadata: { NAME: 'reviews-1', NAMESPACE: 'default' } }, true],
    [{ metadata: { NAME: 'reviews-2' } }, false],
    [{ metadata: { MESH_ID: 'x' } }, false],
  ])('EnvoyFilter configPatches.match.proxy %j', (proxy, holds) => {
    const mesh = meshOf(filter('default/f', {}, 0, { match: { proxy } }));
    expect(namesOf(mesh, reviews)).toEqual(holds ? ['default/f'] : undefined);
  });

  it('EnvoyFilter configPatches.match.context: they go to what is shared, to what is a workload’s own, to gateways', () => {
    const contexts = ['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY'];
    const mesh = meshOf(
      ...contexts.map((context) => filter(`istio-system/${context.toLowerCase()}`, {}, 0, { match: { context } })),
    );
    const contextsOf = (patches: readonly { context: string }[] | undefined) => patches?.map(({ context }) => context);
    expect(contextsOf(mesh.model.outbound(mesh.model.scopeOf(reviews.id)).patches)).toEqual([
      'ANY',
      'SIDECAR_OUTBOUND',
    ]);
    expect(contextsOf(mesh.model.inbound(reviews.id)[0]?.patches)).toEqual([
      'ANY',
      'SIDECAR_INBOUND',
      'SIDECAR_OUTBOUND',
    ]);
    expect(contextsOf(mesh.model.gateway(gateway.id).patches)).toEqual(['ANY', 'GATEWAY']);
    expect(contextsOf(mesh.model.outbound(mesh.model.scopeOf(gateway.id)).patches)).toEqual(['ANY', 'GATEWAY']);
  });

  it('are none of the business of workloads outside the mesh', () => {
    const mesh = meshOf(filter('istio-system/all'));
    expect(mesh.model.outbound('node').patches).toBeUndefined();
  });

  it('come and go without anything else changing', () => {
    const mesh = meshOf();
    const before = mesh.sidecar();
    mesh.apply(filter('default/f'));
    expect(mesh.sidecar().patches).toHaveLength(1);
    expect(mesh.sidecar().clusters).toBe(before.clusters);
    mesh.delete(filter('default/f'));
    expect(mesh.sidecar()).toEqual(before);
  });
});
