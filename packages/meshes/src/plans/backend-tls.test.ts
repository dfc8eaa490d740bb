import { keyOf, keyText, type Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { backendTlsPolicy, gatewayClass, gatewayOf, httpRoute, listener, rule } from '../testing/class-gateway.ts';
import { TestMesh } from '../testing/mesh.ts';
import { age, configMap, destinationRule, service } from '../testing/resources.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const meshOf = (...resources: readonly Resource[]) => new TestMesh(gatewayClass(), ...resources);
const parentRefs = [{ name: 'gw' }];

describe('001-77 BackendTLSPolicy', () => {
  const shop = service('shop', [
    { name: 'https', port: 443 },
    { name: 'http', port: 80 },
  ]);
  const policy = (name: string, more: object = {}, meta: object = {}) =>
    backendTlsPolicy(
      name,
      {
        targetRefs: [{ group: '', kind: 'Service', name: 'shop', sectionName: 'https' }],
        validation: {
          hostname: 'shop.example.com',
          caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }],
        },
        ...more,
      },
      meta,
    );
  const clusterOf = (mesh: TestMesh, scope: string, port = 443) =>
    mesh.model.outbound(scope).clusters.find(({ host, port: own }) => host.startsWith('shop.') && own === port);
  const acceptance = (mesh: TestMesh, resource: Resource) => {
    const { ancestors } = mesh.model.statuses().get(keyText(keyOf(resource))) as {
      ancestors: readonly { ancestorRef: { kind: string; name: string }; conditions: readonly { reason: string }[] }[];
    };
    return ancestors.map(({ ancestorRef, conditions }) => [
      `${ancestorRef.kind} ${ancestorRef.name}`,
      ...conditions.map(({ reason }) => reason),
    ]);
  };

  it('validation: clients of the port speak TLS with the hostname as name, gateways and sidecars alike', () => {
    const mesh = meshOf(shop, configMap('ca', { 'ca.crt': PEM }), policy('p'));
    for (const scope of ['gateway/default', 'sidecar/default', 'gateway/other']) {
      expect(clusterOf(mesh, scope)?.tls).toEqual({
        mode: 'custom',
        presentsCertificate: false,
        credential: { kind: 'secret', namespace: 'default', name: 'backend-tls/default/p/ConfigMap/ca' },
        subjectAltNames: ['shop.example.com'],
        serverName: 'shop.example.com',
        verifiesServer: true,
      });
      expect(clusterOf(mesh, scope, 80)?.tls.mode).toBe('auto');
      expect(mesh.model.outbound(scope).secrets).toEqual([
        { name: 'kubernetes://backend-tls/default/p/ConfigMap/ca-cacert', trustedCaPem: PEM },
      ]);
    }
  });

  it('validation.wellKnownCACertificates and subjectAltNames: the system is trusted, and the names are what counts', () => {
    const validation = {
      hostname: 'shop.example.com',
      wellKnownCACertificates: 'System',
      subjectAltNames: [{ type: 'URI', uri: 'spiffe://x/y' }],
    };
    const mesh = meshOf(shop, policy('p', { validation }));
    expect(clusterOf(mesh, 'gateway/default')?.tls).toMatchObject({
      subjectAltNames: ['spiffe://x/y'],
      serverName: 'shop.example.com',
    });
  });

  it('validation.caCertificateRefs: without authorities nothing is sent, and the status says why', () => {
    const bad = policy('p');
    const mesh = meshOf(shop, bad);
    expect(clusterOf(mesh, 'gateway/default')?.tls).toEqual({ mode: 'plain' });
    const endpoints = mesh.model
      .outbound('gateway/default')
      .endpoints.find(({ cluster }) => cluster.includes('443||shop'));
    expect(endpoints?.endpoints).toEqual([]);
    expect(acceptance(mesh, bad)).toEqual([['Service shop', 'NoValidCACertificate', 'InvalidCACertificateRef']]);
    expect(mesh.remarks(bad)).toHaveLength(1);
    mesh.apply(configMap('ca', { 'ca.crt': PEM }));
    expect(acceptance(mesh, bad)).toEqual([['Service shop', 'Accepted', 'ResolvedRefs']]);
    expect(mesh.remarks(bad)).toEqual([]);
  });

  it('targetRefs: of two for one target the older decides, and one for a port goes before one for the Service', () => {
    const named = (hostname: string) => ({ validation: { hostname, wellKnownCACertificates: 'System' } });
    const whole = { targetRefs: [{ group: '', kind: 'Service', name: 'shop' }] };
    const old = policy('old', named('old.example.com'), age(1));
    const young = policy('young', named('young.example.com'), age(2));
    const wide = policy('wide', { ...named('wide.example.com'), ...whole }, age(0));
    const mesh = meshOf(shop, old, young, wide);
    expect(clusterOf(mesh, 'gateway/default')?.tls).toMatchObject({ serverName: 'old.example.com' });
    expect(clusterOf(mesh, 'gateway/default', 80)?.tls).toMatchObject({ serverName: 'wide.example.com' });
    expect(acceptance(mesh, young)).toEqual([['Service shop', 'Conflicted', 'ResolvedRefs']]);
    mesh.delete(old);
    expect(clusterOf(mesh, 'gateway/default')?.tls).toMatchObject({ serverName: 'young.example.com' });
  });

  it('a DestinationRule that says what TLS is spoken goes before it, and the policy tells so', () => {
    const mine = policy('p');
    const plain = destinationRule('dr', { host: 'shop', trafficPolicy: { tls: { mode: 'DISABLE' } } });
    const mesh = meshOf(shop, configMap('ca', { 'ca.crt': PEM }), mine, plain);
    expect(clusterOf(mesh, 'gateway/default')?.tls).toEqual({ mode: 'plain' });
    expect(mesh.remarks(mine)).toEqual([expect.stringContaining('a DestinationRule says')]);
    mesh.delete(plain);
    expect(clusterOf(mesh, 'gateway/default')?.tls.mode).toBe('custom');
    expect(mesh.remarks(mine)).toEqual([]);
  });

  it('status.ancestors: the Service, and Gateways whose routes lead to it', () => {
    const route = httpRoute('r', { parentRefs, rules: [rule('shop', 443)] });
    const mine = policy('p');
    const mesh = meshOf(shop, configMap('ca', { 'ca.crt': PEM }), mine, gatewayOf('gw', listener('http', 80)), route);
    expect(acceptance(mesh, mine).map(([name]) => name)).toEqual(['Service shop', 'Gateway gw']);
    const lost = policy('lost', { targetRefs: [{ group: '', kind: 'Service', name: 'gone' }] });
    mesh.apply(lost);
    expect(acceptance(mesh, lost)).toEqual([['Service gone', 'TargetNotFound', 'ResolvedRefs']]);
  });
});
