import type { OutboundPlan, ProxyDescriptor } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { destinationRule, meshConfig, pod, service, sidecar, slice, workload } from '../testing/resources.ts';

const port = { name: 'http', port: 9080 };
const node = (name: string, zone: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: { 'topology.kubernetes.io/region': 'eu', 'topology.kubernetes.io/zone': zone },
  },
});
const on = (nodeName: string, name: string, labels: Readonly<Record<string, string>> = {}) => {
  const made = pod(name, { app: 'reviews', ...labels });
  return { ...made, spec: { ...(made.spec as object), nodeName } };
};
/** One endpoint by its node, one by its own label, which decides over the node. */
const reviews = [
  service('reviews', [port]),
  node('n1', 'a'),
  node('n2', 'b'),
  on('n1', 'reviews-1'),
  on('n1', 'reviews-2', { 'istio-locality': 'us.c' }),
  slice('reviews', port, [
    { ip: '10.244.0.1', pod: 'reviews-1' },
    { ip: '10.244.0.2', pod: 'reviews-2' },
  ]),
];
const rule = (trafficPolicy: object) => destinationRule('reviews', { host: 'reviews', trafficPolicy });
const proxyIn = (locality: string): ProxyDescriptor => {
  const proxy = sidecar(workload(`client-${locality.replaceAll('/', '-')}`, {}));
  return { ...proxy, locality };
};
function planFrom(mesh: TestMesh, locality: string): OutboundPlan {
  const proxy = proxyIn(locality);
  mesh.model.setProxy(proxy);
  return mesh.model.outbound(mesh.model.scopeOf(proxy.id));
}
const places = (plan: OutboundPlan) =>
  plan.endpoints[0]?.endpoints.map(({ address, locality, priority }) => [address, locality, priority ?? 0]);

describe('where endpoints and clients stand (004-65)', () => {
  it('makes no difference until a rule makes it one', () => {
    const mesh = new TestMesh(...reviews);
    expect(planFrom(mesh, 'eu/a')).toBe(planFrom(mesh, 'us/c'));
    mesh.apply(rule({ loadBalancer: { simple: 'RANDOM' } }));
    expect(planFrom(mesh, 'eu/a')).toBe(planFrom(mesh, 'us/c'));
    expect(places(planFrom(mesh, 'eu/a'))).toEqual([
      ['10.244.0.1', 'eu/a', 0],
      ['10.244.0.2', 'us/c', 0],
    ]);
  });

  it('DestinationRule trafficPolicy.outlierDetection makes near endpoints come first', () => {
    const mesh = new TestMesh(...reviews, rule({ outlierDetection: { consecutive5xxErrors: 1 } }));
    expect(places(planFrom(mesh, 'eu/a'))).toEqual([
      ['10.244.0.1', 'eu/a', 0],
      ['10.244.0.2', 'us/c', 1],
    ]);
    expect(places(planFrom(mesh, 'us/c'))).toEqual([
      ['10.244.0.1', 'eu/a', 1],
      ['10.244.0.2', 'us/c', 0],
    ]);
    // Clusters are the same everywhere: only endpoints are near or far.
    expect(planFrom(mesh, 'eu/a').clusters[0]).toBe(planFrom(mesh, 'us/c').clusters[0]);
    expect(planFrom(mesh, 'eu/a').clusters[0]).not.toHaveProperty('weighsLocalities');
  });

  it('DestinationRule trafficPolicy.loadBalancer.localityLbSetting.enabled false leaves all endpoints alike', () => {
    const loadBalancer = { localityLbSetting: { enabled: false } };
    const mesh = new TestMesh(...reviews, rule({ outlierDetection: {}, loadBalancer }));
    expect(places(planFrom(mesh, 'us/c'))?.map(([, , priority]) => priority)).toEqual([0, 0]);
  });

  it('DestinationRule trafficPolicy.loadBalancer.localityLbSetting.distribute gives each locality its share', () => {
    const distribute = [{ from: 'eu/*', to: { 'eu/*': 80, 'us/*': 20 } }];
    const mesh = new TestMesh(...reviews, rule({ loadBalancer: { localityLbSetting: { distribute } } }));
    expect(planFrom(mesh, 'eu/a').endpoints[0]?.localityWeights).toEqual({ 'eu/a': 80, 'us/c': 20 });
    expect(planFrom(mesh, 'us/c').endpoints[0]).not.toHaveProperty('localityWeights');
    expect(planFrom(mesh, 'eu/a').clusters[0]).toMatchObject({ weighsLocalities: true });
  });

  it('DestinationRule trafficPolicy.loadBalancer.localityLbSetting.failover names the region that comes next', () => {
    const mesh = new TestMesh(
      ...reviews,
      rule({
        outlierDetection: {},
        loadBalancer: { localityLbSetting: { failover: [{ from: 'asia', to: 'us' }] } },
      }),
    );
    expect(places(planFrom(mesh, 'asia'))).toEqual([
      ['10.244.0.1', 'eu/a', 1],
      ['10.244.0.2', 'us/c', 0],
    ]);
  });

  it('DestinationRule trafficPolicy.loadBalancer.localityLbSetting.failoverPriority compares labels', () => {
    const failoverPriority = ['topology.kubernetes.io/region', 'disk'];
    const mesh = new TestMesh(
      ...reviews,
      on('n2', 'reviews-1', { disk: 'ssd' }),
      on('n2', 'reviews-2', { disk: 'hdd' }),
      rule({ outlierDetection: {}, loadBalancer: { localityLbSetting: { failoverPriority } } }),
    );
    const proxy = { ...sidecar(workload('client', { disk: 'hdd', other: 'x' })), locality: 'eu/z' };
    mesh.model.setProxy(proxy);
    const scope = mesh.model.scopeOf(proxy.id);
    expect(places(mesh.model.outbound(scope))).toEqual([
      ['10.244.0.1', 'eu/b', 1],
      ['10.244.0.2', 'eu/b', 0],
    ]);
    expect(scope).not.toContain('other');
  });

  it('MeshConfig localityLbSetting holds where no rule says anything of localities', () => {
    const mesh = new TestMesh(
      ...reviews,
      rule({ outlierDetection: {} }),
      meshConfig({ localityLbSetting: { enabled: false } }),
    );
    expect(places(planFrom(mesh, 'us/c'))?.map(([, , priority]) => priority)).toEqual([0, 0]);
    mesh.apply(meshConfig({ localityLbSetting: { distribute: [{ from: '*', to: { 'eu/*': 100 } }] } }));
    expect(places(planFrom(mesh, 'us/c'))).toEqual([['10.244.0.1', 'eu/a', 0]]);
  });
});
