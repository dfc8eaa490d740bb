import type { TlsServerPlan } from '@meshwise/model';
import { keyOf, keyText, type Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import {
  classGateway,
  gatewayClass,
  gatewayOf,
  httpRoute,
  listener,
  planOf,
  proxyOf,
  referenceGrant,
  rule,
  tcpRoute,
  tlsRoute,
} from '../testing/class-gateway.ts';
import { TestMesh } from '../testing/mesh.ts';
import { age, configMap, secret, service } from '../testing/resources.ts';

const base = ['a', 'b'].map((name) => service(name, [{ name: 'tcp', port: 90 }]));
const proxy = proxyOf('gw');
const pem = (what: string) => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`;
const PEM = pem('CERTIFICATE');
const pair = { 'tls.crt': PEM, 'tls.key': pem('PRIVATE KEY') };
const meshOf = (...resources: readonly Resource[]) => new TestMesh(gatewayClass(), ...base, ...resources);
const parentRefs = [{ name: 'gw' }];
const to = (name: string, weight = 1) => ({ name, port: 90, weight });
const secure = (name: string, hostname: string | undefined, certificate: object, protocol = 'HTTPS') => ({
  ...listener(name, 443, { protocol, tls: { certificateRefs: [certificate] } }),
  ...(hostname === undefined ? {} : { hostname }),
});
const tls = (mesh: TestMesh): TlsServerPlan => {
  const [server] = planOf(mesh, proxy).servers;
  if (server?.protocol !== 'tls') throw new Error('no TLS is served');
  return server;
};
const listenerStatus = (mesh: TestMesh, gateway: Resource, name: string) => {
  const status = mesh.model.statuses().get(keyText(keyOf(gateway))) as {
    listeners: readonly { name: string; conditions: readonly { type: string; status: string; reason: string }[] }[];
  };
  const found = status.listeners.find((one) => one.name === name)?.conditions ?? [];
  return Object.fromEntries(found.map((one) => [one.type, `${one.status} ${one.reason}`]));
};

describe('001-77 TLS that ends at a Gateway', () => {
  const route = httpRoute('r', { parentRefs, rules: [rule('a', 90)] });

  it('Gateway listeners.tls.certificateRefs: a listener without usable certificates is left out, and no other', () => {
    const gateway = gatewayOf(
      'gw',
      secure('good', 'a.example.com', { name: 'good' }),
      secure('gone', 'b.example.com', { name: 'gone' }),
      secure('odd', 'c.example.com', { kind: 'ConfigMap', name: 'good' }),
    );
    const mesh = meshOf(gateway, secret('good', pair), route);
    expect(tls(mesh).terminating).toMatchObject([
      { serverNames: ['a.example.com'], tls: { credentials: [{ kind: 'secret', name: 'default/good' }] } },
    ]);
    expect(planOf(mesh, proxy).secrets?.map(({ name }) => name)).toEqual(['kubernetes://default/good']);
    expect(listenerStatus(mesh, gateway, 'good')).toEqual({
      Accepted: 'True Accepted',
      Programmed: 'False AddressNotAssigned',
      ResolvedRefs: 'True ResolvedRefs',
      Conflicted: 'False NoConflicts',
    });
    for (const name of ['gone', 'odd']) {
      expect(listenerStatus(mesh, gateway, name)).toMatchObject({
        Accepted: 'True Accepted',
        Programmed: 'False Invalid',
        ResolvedRefs: 'False InvalidCertificateRef',
      });
    }
    expect(mesh.remarks(gateway)).toHaveLength(2);
  });

  it('ReferenceGrant: a Secret of another namespace is used as long as it is granted', () => {
    const gateway = gatewayOf('gw', secure('https', undefined, { name: 'cert', namespace: 'far' }));
    const grant = referenceGrant('far/g', {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default' }],
      to: [{ group: '', kind: 'Secret' }],
    });
    const mesh = meshOf(gateway, secret('far/cert', pair), route);
    expect(planOf(mesh, proxy)).toEqual({ servers: [] });
    expect(listenerStatus(mesh, gateway, 'https')).toMatchObject({ ResolvedRefs: 'False RefNotPermitted' });
    mesh.apply(grant);
    expect(tls(mesh).terminating).toHaveLength(1);
    mesh.delete(grant);
    expect(planOf(mesh, proxy)).toEqual({ servers: [] });
  });

  it('Gateway tls.frontend.default.validation: clients show certificates of authorities that a ConfigMap has', () => {
    const gateway = classGateway('gw', {
      gatewayClassName: 'meshwise',
      listeners: [secure('https', undefined, { name: 'good' })],
      tls: {
        frontend: { default: { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] } } },
      },
    });
    const mesh = meshOf(gateway, secret('good', pair), route);
    expect(listenerStatus(mesh, gateway, 'https')).toMatchObject({ ResolvedRefs: 'False InvalidCACertificateRef' });
    mesh.apply(configMap('ca', { 'ca.crt': PEM }));
    expect(tls(mesh).terminating).toMatchObject([{ tls: { clientCertificate: 'mutual' } }]);
    expect(planOf(mesh, proxy).secrets?.map(({ name }) => name)).toEqual([
      'kubernetes://default/good',
      'kubernetes://frontend/default/gw/https-cacert',
    ]);
  });

  it('Gateway listeners.hostname: requests for the host of another listener have to come in its own connection', () => {
    const certificate = { name: 'good' };
    const gateway = gatewayOf(
      'gw',
      secure('one', 'a.example.com', certificate),
      secure('two', '*.example.com', certificate),
      secure('rest', undefined, certificate),
    );
    const mesh = meshOf(gateway, secret('good', pair), route);
    const hosts = tls(mesh).terminating.map(({ serverNames, http }) => [
      serverNames.join(),
      (http?.virtualHosts ?? []).map(({ name, routes: [first] }) =>
        first?.action.kind === 'respond' ? `${name} ${first.action.status}` : name,
      ),
    ]);
    expect(hosts).toEqual([
      ['a.example.com', ['a.example.com:443', '*.example.com:443 421']],
      ['*.example.com', ['*.example.com:443', 'a.example.com:443 421']],
      ['', ['*:443', 'a.example.com:443 421', '*.example.com:443 421']],
    ]);
  });
});

describe('001-77 bytes at a Gateway', () => {
  const passing = (name: string, hostname?: string) => ({
    ...listener(name, 443, { protocol: 'TLS', tls: { mode: 'Passthrough' } }),
    ...(hostname === undefined ? {} : { hostname }),
  });
  const byName = (name: string, hostnames: readonly string[], backends: readonly object[], meta: object = {}) =>
    tlsRoute(name, { parentRefs, hostnames, rules: [{ backendRefs: backends }] }, meta);

  it('TLSRoute hostnames: the oldest route has a name, and names of the listener without a route lead nowhere', () => {
    const mesh = meshOf(
      gatewayOf('gw', passing('wide', '*.example.com'), passing('narrow', 'x.example.com')),
      byName('old', ['a.example.com', '*.example.com'], [to('a')], age(1)),
      tlsRoute(
        'new',
        {
          parentRefs: [{ name: 'gw', sectionName: 'wide' }],
          hostnames: ['a.example.com', 'b.example.com'],
          rules: [{ backendRefs: [to('b')] }],
        },
        age(2),
      ),
    );
    const chains = tls(mesh).passthrough.map(({ serverNames, destinations }) => [
      serverNames?.join(),
      destinations.map(({ cluster }) => cluster.split('|')[3]?.split('.')[0]).join(),
    ]);
    expect(chains).toEqual([
      ['*.example.com', 'a'],
      ['a.example.com', 'a'],
      ['b.example.com', 'b'],
      ['x.example.com', 'a'],
    ]);
    mesh.apply(
      byName('old', ['a.example.com', '*.example.com'], [to('a')], age(1)),
      tlsRoute('old', {
        parentRefs: [{ name: 'gw', sectionName: 'wide' }],
        hostnames: ['*.example.com'],
        rules: [{ backendRefs: [to('a')] }],
      }),
    );
    expect(tls(mesh).passthrough.find(({ serverNames }) => serverNames?.[0] === 'x.example.com')?.destinations).toEqual(
      [],
    );
  });

  it('TLSRoute rules.backendRefs: what is not there takes its share and refuses it', () => {
    const mesh = meshOf(gatewayOf('gw', passing('tls')), byName('r', ['a.b'], [to('a', 3), to('gone', 1), to('b', 0)]));
    expect(tls(mesh).passthrough).toMatchObject([{ destinations: [{ weight: 3 }, { weight: 1, refusesWith: 500 }] }]);
  });

  it('TLSRoute at a listener that ends TLS: its connections go on as bytes', () => {
    const ended = secure('tls', 'a.b', { name: 'good' }, 'TLS');
    const mesh = meshOf(gatewayOf('gw', ended), secret('good', pair), byName('r', ['a.b'], [to('a')]));
    expect(tls(mesh)).toMatchObject({ terminating: [{ serverNames: ['a.b'], bytes: {} }], passthrough: [] });
  });

  it('TCPRoute: the oldest has all of a listener of TCP, and without one nothing listens', () => {
    const tcp = (name: string, backend: string, created: number) =>
      tcpRoute(name, { parentRefs, rules: [{ backendRefs: [to(backend)] }] }, age(created));
    const mesh = meshOf(gatewayOf('gw', { name: 'tcp', port: 9000, protocol: 'TCP' }));
    expect(planOf(mesh, proxy).servers).toEqual([]);
    mesh.apply(tcp('new', 'a', 2), tcp('old', 'b', 1));
    expect(planOf(mesh, proxy).servers).toMatchObject([
      {
        port: 9000,
        protocol: 'tcp',
        chains: [{ destinations: [{ cluster: 'outbound|90||b.default.svc.cluster.local' }] }],
      },
    ]);
  });
});
