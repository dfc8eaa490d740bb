import { type CertificateInspector, createMeshModel, type GatewayPlan, type TlsServerPlan } from '@meshwise/model';
import { keyOf, keyText, type Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { istioMesh, kubernetesMesh } from '../index.ts';
import { TestMesh } from '../testing/mesh.ts';
import { age, gatewayProxy, gatewayResource, secret, service, virtualService } from '../testing/resources.ts';

const proxy = gatewayProxy('istio-system', { istio: 'ingressgateway' });
const shop = service('shop', [{ name: 'http', port: 80 }]);
const db = service('db', [{ name: 'tcp', port: 5432 }]);
const pem = (name: string) => `-----BEGIN ${name}-----\nAAAA\n-----END ${name}-----\n`;
const cert = { 'tls.crt': pem('CERTIFICATE'), 'tls.key': pem('PRIVATE KEY') };
const pair = { certificateChainPem: cert['tls.crt'], privateKeyPem: cert['tls.key'] };

function server(protocol: string, hosts: readonly string[], tls?: object, port = 443, name = 'https') {
  return { port: { number: port, name, protocol }, hosts, ...(tls === undefined ? {} : { tls }) };
}
const simple = (credentialName: string, more: object = {}) => ({ mode: 'SIMPLE', credentialName, ...more });
const gateway = (name: string, created: number, ...servers: readonly object[]) =>
  gatewayResource(name, { selector: { istio: 'ingressgateway' }, servers }, age(created));
const front = (hosts: readonly string[] = ['*'], more: object = {}) =>
  virtualService('front', { hosts, gateways: ['gw'], http: [{ route: [{ destination: { host: 'shop' } }] }], ...more });

function mesh(...resources: readonly Resource[]) {
  const model = new TestMesh(shop, db, ...resources);
  model.model.setProxy(proxy);
  return model;
}
const planOf = (model: TestMesh): GatewayPlan => model.model.gateway(proxy.id);
const tlsOf = (model: TestMesh): TlsServerPlan | undefined =>
  planOf(model).servers.find((candidate): candidate is TlsServerPlan => candidate.protocol === 'tls');

describe('001-38 TLS at a gateway', () => {
  it('Gateway servers.tls.credentialName: HTTPS servers have a chain each, with routes and the secret of the gateway’s namespace', () => {
    const gw = gateway(
      'gw',
      0,
      server('HTTPS', ['a.example.com'], simple('a')),
      server('HTTPS', ['b.example.com'], simple('b'), 443, 'other'),
    );
    const own = [secret('istio-system/a', cert), secret('istio-system/b', cert)];
    const model = mesh(gw, front(), ...own);
    expect(tlsOf(model)?.terminating).toMatchObject([
      {
        serverNames: ['a.example.com'],
        tls: { credentials: [{ kind: 'secret', namespace: 'istio-system', name: 'a' }] },
        http: { routeName: 'https.443.https.gw.default', virtualHosts: [{ name: 'a.example.com:443' }] },
      },
      { serverNames: ['b.example.com'], http: { routeName: 'https.443.other.gw.default' } },
    ]);
    expect(planOf(model).secrets).toEqual([
      { name: 'kubernetes://a', keyPair: pair },
      { name: 'kubernetes://b', keyPair: pair },
    ]);
    expect(model.remarks(gw)).toEqual([]);
  });

  it('Gateway servers.tls.credentialName that is not there is a condition, and the other hosts of the port work', () => {
    const gw = gateway(
      'gw',
      0,
      server('HTTPS', ['a.example.com'], simple('a')),
      server('HTTPS', ['b.example.com'], simple('b')),
    );
    const elsewhere = secret('default/b', cert);
    const model = mesh(gw, front(), secret('istio-system/a', cert), elsewhere);
    expect(tlsOf(model)?.terminating.map(({ serverNames }) => serverNames)).toEqual([['a.example.com']]);
    expect(model.remarks(gw)).toEqual([
      'invalid: spec.servers[1].tls: there is no Secret b with a certificate in istio-system; b.example.com cannot be reached here',
    ]);
    model.apply(secret('istio-system/b', cert));
    expect(tlsOf(model)?.terminating).toHaveLength(2);
    expect(model.remarks(gw)).toEqual([]);
  });

  it('a Secret that changes changes the secret and no server', () => {
    const model = mesh(gateway('gw', 0, server('HTTPS', ['*'], simple('a'))), front(), secret('istio-system/a', cert));
    const before = planOf(model);
    const renewed = { ...cert, 'tls.crt': `${cert['tls.crt']}${cert['tls.crt']}` };
    model.apply(secret('istio-system/a', renewed));
    expect(planOf(model).servers).toBe(before.servers);
    expect(planOf(model).secrets).not.toBe(before.secrets);
  });

  it('certificates that cannot be used are a condition that quotes nothing of them', () => {
    const inspector: CertificateInspector = {
      keyPair: () => 'its key does not belong to its certificate',
      authorities: () => undefined,
      revocations: () => undefined,
      files: ({ certificateChain }) => `${certificateChain} cannot be read`,
    };
    const files = { mode: 'SIMPLE', serverCertificate: '/c', privateKey: '/k' };
    const gw = gateway(
      'gw',
      0,
      server('HTTPS', ['a.example.com'], simple('a')),
      server('HTTPS', ['b.example.com'], files),
    );
    const model = createMeshModel({ readers: [kubernetesMesh, istioMesh], certificates: inspector });
    const resources = [shop, gw, front(), secret('istio-system/a', cert)];
    model.update(resources.map((resource) => ({ type: 'upsert', resource })));
    model.setProxy(proxy);
    expect(model.gateway(proxy.id).servers).toEqual([]);
    expect(
      model
        .residues()
        .get(keyText(keyOf(gw)))
        ?.map(({ message }) => message),
    ).toEqual([
      'spec.servers[0].tls: the Secret a in istio-system cannot be used: its key does not belong to its certificate; a.example.com cannot be reached here',
      'spec.servers[1].tls: /c cannot be read; b.example.com cannot be reached here',
    ]);
  });

  it('Gateway servers.tls.mode MUTUAL takes the authority from the companion secret, else from the secret itself', () => {
    const gw = gateway('gw', 0, server('HTTPS', ['*'], { mode: 'MUTUAL', credentialName: 'a' }));
    const [own, companion] = [`${pem('CERTIFICATE')}own`, `${pem('CERTIFICATE')}companion`];
    const model = mesh(gw, front(), secret('istio-system/a', { ...cert, 'ca.crt': own }));
    const authority = () => planOf(model).secrets?.find(({ name }) => name === 'kubernetes://a-cacert')?.trustedCaPem;
    expect(authority()).toBe(own);
    model.apply(secret('istio-system/a-cacert', { cacert: companion }));
    expect(authority()).toBe(companion);
    model.apply(secret('istio-system/a', cert)).delete(secret('istio-system/a-cacert', {}));
    expect(planOf(model).servers).toEqual([]);
    expect(model.remarks(gw)[0]).toContain('has a ca.crt for client certificates');
  });

  it('Gateway servers.tls.caCertCredentialName names the authority', () => {
    const gw = gateway(
      'gw',
      0,
      server('HTTPS', ['*'], { mode: 'MUTUAL', credentialName: 'a', caCertCredentialName: 'clients' }),
    );
    const model = mesh(
      gw,
      front(),
      secret('istio-system/a', cert),
      secret('istio-system/clients', { 'ca.crt': pem('CERTIFICATE') }),
    );
    expect(planOf(model).secrets).toMatchObject([{ name: 'kubernetes://a' }, { name: 'kubernetes://clients-cacert' }]);
  });

  it('Gateway servers.tls.httpsRedirect redirects its hosts, with routings and without', () => {
    const gw = gateway(
      'gw',
      0,
      server('HTTP', ['a.example.com', 'b.example.com'], { httpsRedirect: true }, 80, 'http'),
      server('HTTP', ['c.example.com'], undefined, 80, 'plain'),
    );
    const hosts = planOf(mesh(gw, front(['a.example.com', 'c.example.com']))).servers.flatMap((entry) =>
      entry.protocol === 'http' ? entry.virtualHosts : [],
    );
    expect(hosts.map(({ name, requireTls, routes }) => [name, requireTls ?? false, routes.length])).toEqual([
      ['a.example.com:80', true, 1],
      ['b.example.com:80', true, 0],
      ['c.example.com:80', false, 1],
    ]);
  });

  it('the oldest Gateway decides what a port speaks and whose a host is; the others are reported', () => {
    const https = gateway('gw', 0, server('HTTPS', ['a.example.com'], simple('a')));
    const plain = gateway('plain', 1, server('HTTP', ['*'], undefined, 443));
    const late = gateway('late', 2, server('HTTPS', ['shop/a.example.com', 'b.example.com'], simple('a')));
    const tcp = gateway('tcp', 3, server('TCP', ['*'], undefined, 900), server('TCP', ['*'], undefined, 900));
    const model = mesh(https, plain, late, tcp, front(), secret('istio-system/a', cert));
    expect(tlsOf(model)?.terminating).toHaveLength(1);
    expect(model.remarks(plain)).toEqual([
      'invalid: spec.servers[0]: port 443 is tls already by the older Gateway default/gw; it is left out',
    ]);
    expect(model.remarks(late)).toEqual([
      'invalid: spec.servers[0]: an older server has a.example.com on port 443 already; it is left out',
    ]);
    expect(model.remarks(tcp)).toEqual([
      'invalid: spec.servers[1]: port 900 is taken already by the older Gateway default/tcp; it is left out',
    ]);
  });
});

describe('001-38 bytes at a gateway', () => {
  const routing = (spec: object) => virtualService('bytes', { hosts: ['*'], gateways: ['gw'], ...spec });
  const to = (host: string, weight?: number) => ({
    destination: { host, port: { number: 5432 } },
    ...(weight === undefined ? {} : { weight }),
  });

  it('Gateway servers.port.protocol TCP sends bytes where the first TCP rule of its routings says', () => {
    const gw = gateway('gw', 0, server('TCP', ['*'], undefined, 900, 'tcp'));
    const rules = routing({
      tcp: [
        { match: [{ port: 1 }], route: [to('gone')] },
        { match: [{ port: 900 }], route: [to('db')] },
      ],
    });
    expect(planOf(mesh(gw, rules)).servers).toMatchObject([
      {
        port: 900,
        protocol: 'tcp',
        chains: [{ destinations: [{ cluster: 'outbound|5432||db.default.svc.cluster.local', weight: 100 }] }],
      },
    ]);
    expect(planOf(mesh(gw)).servers).toEqual([]);
  });

  it('Gateway servers.tls.mode PASSTHROUGH sends TLS on by server name, each name once', () => {
    const gw = gateway('gw', 0, server('TLS', ['*'], { mode: 'PASSTHROUGH' }));
    const rules = routing({
      tls: [
        { match: [{ sniHosts: ['a.example.com', 'b.example.com'] }], route: [to('db')] },
        { match: [{ sniHosts: ['b.example.com', 'c.example.com'] }], route: [to('db', 1), to('gone', 1)] },
      ],
    });
    const model = mesh(gw, rules);
    expect(
      tlsOf(model)?.passthrough.map(({ serverNames, destinations }) => [serverNames, destinations.length]),
    ).toEqual([
      [['a.example.com', 'b.example.com'], 1],
      [['c.example.com'], 2],
    ]);
    // Every cluster that a chain names is one that the gateway has.
    const clusters = model.model.outbound(model.model.scopeOf(proxy.id)).clusters.map(({ name }) => name);
    for (const { destinations } of tlsOf(model)?.passthrough ?? []) {
      for (const { cluster } of destinations) expect(clusters).toContain(cluster);
    }
  });

  it('Gateway servers.port.protocol TLS with certificates has bytes inside', () => {
    const gw = gateway('gw', 0, server('TLS', ['db.example.com'], simple('a')));
    const rules = routing({ tcp: [{ route: [to('db')] }] });
    expect(tlsOf(mesh(gw, rules, secret('istio-system/a', cert)))?.terminating).toMatchObject([
      {
        serverNames: ['db.example.com'],
        bytes: { destinations: [{ cluster: 'outbound|5432||db.default.svc.cluster.local' }] },
      },
    ]);
  });

  it('Gateway servers.tls.mode AUTO_PASSTHROUGH leads to the cluster that the server name names, encrypted as it is', () => {
    const gw = gateway('gw', 0, server('TLS', ['*.shop.svc.cluster.local'], { mode: 'AUTO_PASSTHROUGH' }));
    const model = mesh(gw, service('shop/web', [{ name: 'http', port: 80 }]));
    const name = 'outbound_.80_._.web.shop.svc.cluster.local';
    expect(tlsOf(model)?.passthrough).toMatchObject([{ serverNames: [name], destinations: [{ cluster: name }] }]);
    const { clusters, endpoints } = model.model.outbound(model.model.scopeOf(proxy.id));
    expect(clusters.find((cluster) => cluster.name === name)).toMatchObject({
      protocol: 'tcp',
      tls: { mode: 'plain' },
    });
    expect(endpoints.some(({ cluster }) => cluster === name)).toBe(true);
  });
});
