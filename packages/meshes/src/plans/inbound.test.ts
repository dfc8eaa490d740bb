import type { ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { age, peerAuthentication, service, sidecar, workload } from '../testing/resources.ts';

const labels = { app: 'shop', version: 'v1' };
const containerPorts = [
  { port: 8080, name: 'web', protocol: 'TCP' as const },
  { port: 9000, protocol: 'TCP' as const },
  { port: 5353, protocol: 'UDP' as const },
];
const proxy = sidecar(workload('shop-1', labels, containerPorts));

function ports(mesh: TestMesh, asking: ProxyDescriptor = proxy) {
  mesh.model.setProxy(asking);
  return mesh.model.inbound(asking.id)[0]?.ports ?? [];
}

describe('what a sidecar listens on for its workload', () => {
  const shop = service(
    'shop',
    [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'grpc', port: 90, targetPort: 7000 },
    ],
    { meta: age(1) },
  );

  it('is what containers declare and what services target, with the protocol of the service', () => {
    expect(
      ports(new TestMesh(shop)).map(({ port, protocol, cluster, serviceHost }) => [
        port,
        protocol,
        cluster,
        serviceHost,
      ]),
    ).toEqual([
      [7000, 'grpc', 'inbound|7000||', 'shop.default.svc.cluster.local'],
      [8080, 'http', 'inbound|8080||', 'shop.default.svc.cluster.local'],
      [9000, 'tcp', 'inbound|9000||', undefined],
    ]);
  });

  it('comes from the service port, or from the pod when no service targets it', () => {
    expect(ports(new TestMesh(shop)).map(({ origin }) => `${origin.resource.kind} ${origin.field ?? ''}`)).toEqual([
      'Service spec.ports[1]',
      'Service spec.ports[0]',
      'Pod ',
    ]);
  });

  it('follows the oldest service when several target one port', () => {
    const young = service('a-young', [{ name: 'tcp', port: 81, targetPort: 8080 }], {
      selector: { app: 'shop' },
      meta: age(2),
    });
    expect(ports(new TestMesh(young, shop)).find(({ port }) => port === 8080)?.protocol).toBe('http');
  });

  it('ignores services of other namespaces, without selector, and with another selector', () => {
    const others = [
      service('other/shop', [{ name: 'http', port: 1 }]),
      service('none', [{ name: 'http', port: 2 }], { selector: {} }),
      service('v2', [{ name: 'http', port: 3 }], { selector: { app: 'shop', version: 'v2' } }),
    ];
    expect(ports(new TestMesh(...others)).map(({ port }) => port)).toEqual([8080, 9000]);
  });

  it('passes bytes on for workloads outside the mesh', () => {
    const node: ProxyDescriptor = { ...proxy, id: 'node', role: 'node' };
    const mesh = new TestMesh(shop, peerAuthentication('strict', { mtls: { mode: 'STRICT' } }));
    expect(new Set(ports(mesh, node).map(({ protocol, mutualTls }) => `${protocol} ${mutualTls}`))).toEqual(
      new Set(['tcp disable']),
    );
    expect(mesh.model.scopeOf('node')).toBe('node');
  });
});

describe('001-7 which mutual TLS mode holds', () => {
  const modes = (...policies: readonly Resource[]) =>
    ports(new TestMesh(...policies)).map(({ mutualTls }) => mutualTls);
  const policy = (name: string, mode: string | undefined, created: number, more: object = {}) =>
    peerAuthentication(name, { ...(mode === undefined ? {} : { mtls: { mode } }), ...more }, age(created));
  const selector = { matchLabels: { app: 'shop' } };
  const root = policy('istio-system/default', 'STRICT', 1);

  it('is permissive when nobody says anything', () => {
    expect(modes()).toEqual(['permissive', 'permissive']);
  });

  it('PeerAuthentication mtls.mode: it is that of the mesh, before it of the namespace, before it of the workload', () => {
    expect(modes(root)).toEqual(['strict', 'strict']);
    expect(modes(root, policy('ns', 'DISABLE', 2))).toEqual(['disable', 'disable']);
    expect(modes(root, policy('ns', 'DISABLE', 2), policy('own', 'PERMISSIVE', 3, { selector }))).toEqual([
      'permissive',
      'permissive',
    ]);
  });

  it('is inherited where a narrower policy leaves it unset', () => {
    expect(modes(root, policy('ns', 'UNSET', 2), policy('own', undefined, 3, { selector }))).toEqual([
      'strict',
      'strict',
    ]);
  });

  it('PeerAuthentication portLevelMtls: it may differ by port of the workload', () => {
    const portLevelMtls = { '8080': { mode: 'DISABLE' }, '9000': { mode: 'UNSET' } };
    expect(modes(root, policy('own', undefined, 2, { selector, portLevelMtls }))).toEqual(['disable', 'strict']);
  });

  it('is that of the oldest policy of a kind; the others are reported', () => {
    const young = policy('a-young', 'DISABLE', 2);
    const old = policy('b-old', 'STRICT', 1);
    expect(modes(young, old)).toEqual(['strict', 'strict']);
    expect(new TestMesh(young, old).remarks(young)).toEqual([expect.stringContaining('the older b-old holds')]);
    expect(modes(policy('a', 'DISABLE', 2, { selector }), policy('b', 'STRICT', 1, { selector }))).toEqual([
      'strict',
      'strict',
    ]);
  });

  it('PeerAuthentication selector: it does not come from policies for other workloads or of other namespaces', () => {
    const other = { selector: { matchLabels: { app: 'other' } } };
    expect(modes(policy('own', 'STRICT', 1, other), policy('shop/ns', 'STRICT', 1))).toEqual([
      'permissive',
      'permissive',
    ]);
    expect(modes(policy('istio-system/some', 'STRICT', 1, { selector }))).toEqual(['permissive', 'permissive']);
  });
});
