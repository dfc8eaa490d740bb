import { describe, expect, it } from 'vitest';
import { TestMesh, target } from '../testing/mesh.ts';
import {
  age,
  service,
  serviceEntry,
  sidecar,
  sidecarResource,
  virtualService,
  workload,
} from '../testing/resources.ts';

const http = [{ name: 'http', port: 80 }];
const tcp = [{ name: 'tcp', port: 3306 }];
const everything = [
  service('a', http, { spec: { clusterIP: '10.96.0.1' } }),
  service('shop/b', http, { spec: { clusterIP: '10.96.0.2' } }),
  service('shop/c', http, { spec: { clusterIP: '10.96.0.3' } }),
  service('shop/db', tcp, { spec: { clusterIP: '10.96.0.4' } }),
  serviceEntry('api', {
    hosts: ['api.example.com'],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    resolution: 'DNS',
  }),
];
const scope = (name: string, hosts: readonly string[], more: object = {}, created = 1) =>
  sidecarResource(name, { egress: [{ hosts }], ...more }, age(created));
const seen = (mesh: TestMesh, namespace?: string) =>
  mesh
    .sidecar(namespace)
    .clusters.map(({ host }) => host.split('.')[0])
    .sort();
const scopeOf = (mesh: TestMesh, name: string, labels: Record<string, string>) => {
  const proxy = sidecar(workload(name, labels));
  mesh.model.setProxy(proxy);
  return mesh.model.scopeOf(proxy.id);
};

describe('001-60 Sidecar egress: what proxies know of', () => {
  it.each([
    [['./*'], ['a', 'api']],
    [['shop/*'], ['b', 'c', 'db']],
    [['*/*'], ['a', 'api', 'b', 'c', 'db']],
    [
      ['./a.default.svc.cluster.local', 'shop/b.shop.svc.cluster.local'],
      ['a', 'b'],
    ],
    [['*/*.example.com'], ['api']],
    [['shop/*.example.com'], []],
    [['~/*'], []],
    [
      ['*/*', '~shop/*'],
      ['a', 'api'],
    ],
    [
      ['shop/*', '~shop/c.shop.svc.cluster.local'],
      ['b', 'db'],
    ],
  ])('Sidecar egress.hosts %j shows %j', (hosts, expected) => {
    expect(seen(new TestMesh(...everything, scope('default', hosts)))).toEqual(expected);
  });

  it('holds for the namespace of the Sidecar only, or for all when it is in the root namespace', () => {
    const mesh = new TestMesh(...everything, scope('shop/default', ['./*']));
    expect(seen(mesh, 'shop')).toEqual(['b', 'c', 'db']);
    expect(seen(mesh)).toHaveLength(5);
    mesh.apply(scope('istio-system/default', ['./*']));
    expect(seen(mesh)).toEqual(['a', 'api']);
    expect(seen(mesh, 'shop')).toEqual(['b', 'c', 'db']);
    expect(seen(mesh, 'elsewhere')).toEqual([]);
  });

  it('Sidecar workloadSelector: the one that selects a workload goes before the one for all', () => {
    const mesh = new TestMesh(
      ...everything,
      scope('default', ['./*']),
      scope('own', ['shop/b.shop.svc.cluster.local'], { workloadSelector: { labels: { app: 'x' } } }),
    );
    const [own, other] = [scopeOf(mesh, 'x', { app: 'x' }), scopeOf(mesh, 'y', { app: 'y' })];
    expect(other).toBe('sidecar/default');
    const hosts = (name: string) => mesh.model.outbound(name).clusters.map(({ host }) => host.split('.')[0]);
    expect(hosts(own)).toEqual(['b']);
    expect(hosts(other)).toEqual(expect.arrayContaining(['a', 'api']));
  });

  it('limits routes and listeners as it limits clusters, while names still resolve', () => {
    const plan = new TestMesh(...everything, scope('default', ['./*'])).sidecar();
    expect(plan.httpPorts.flatMap(({ virtualHosts }) => virtualHosts.map(({ name }) => name)).sort()).toEqual([
      'a.default.svc.cluster.local:80',
      'api.example.com:80',
    ]);
    expect(plan.tcpListeners).toEqual([]);
    expect(plan.dns.map(({ name }) => name)).toContain('db.shop.svc.cluster.local');
  });

  it('imports with the rules for a host what they lead to, and no rules of namespaces it leaves out', () => {
    const route = [{ destination: { host: 'b.shop.svc.cluster.local' } }];
    const rules = virtualService('rules', { hosts: ['a'], http: [{ route }] });
    const imported = new TestMesh(...everything, rules, scope('default', ['./*']));
    expect(imported.routes('a').map(target)).toEqual([expect.stringMatching(/^b\.shop/)]);
    expect(seen(imported)).toEqual(['a', 'api', 'b']);
    expect(imported.virtualHost('b')).toBeUndefined();
    const foreign = virtualService('shop/rules', { hosts: ['a.default.svc.cluster.local'], http: [{ route }] });
    const mesh = new TestMesh(...everything, foreign);
    expect(mesh.routes('a').map(target)).toEqual([expect.stringMatching(/^b\.shop/)]);
    mesh.apply(scope('default', ['./*']));
    expect(mesh.routes('a').map(target)).toEqual(['a|80:100']);
  });

  it('of several services of one host takes those of the namespaces that it names', () => {
    const entry = (namespace: string, address: string) =>
      serviceEntry(`${namespace}/db`, {
        hosts: ['db.example'],
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        resolution: 'STATIC',
        endpoints: [{ address }],
      });
    const mesh = new TestMesh(entry('default', '192.0.2.1'), entry('shop', '192.0.2.2'), scope('default', ['shop/*']));
    expect(mesh.sidecar().endpoints[0]?.endpoints).toMatchObject([{ address: '192.0.2.2' }]);
  });

  it('Sidecar egress.port is a listener of its own, and the others leave the port to it', () => {
    const listeners = [
      { port: { number: 80, protocol: 'HTTP', name: 'http' }, hosts: ['./a.default.svc.cluster.local'] },
      { hosts: ['*/*'] },
    ];
    const plan = new TestMesh(...everything, sidecarResource('default', { egress: listeners })).sidecar();
    expect(
      plan.httpPorts.map(({ port, virtualHosts }) => [port, virtualHosts.map(({ name }) => name.split('.')[0])]),
    ).toEqual([[80, ['a']]]);
    expect(plan.tcpListeners).toMatchObject([{ address: '10.96.0.4', port: 3306 }]);
  });

  it('offers a service on listeners of several ports with the clusters of each, once', () => {
    const two = service('a', [...http, { name: 'http-2', port: 90 }]);
    const listener = (number: number) => ({ port: { number, protocol: 'HTTP', name: 'http' }, hosts: ['./*'] });
    const plan = new TestMesh(two, sidecarResource('default', { egress: [listener(90), listener(80)] })).sidecar();
    const names = [80, 90].map((port) => `outbound|${port}||a.default.svc.cluster.local`);
    expect(plan.clusters.map(({ name }) => name)).toEqual(names);
    expect(plan.endpoints.map(({ cluster }) => cluster)).toEqual(names);
  });

  it.each([
    [{ bind: '127.0.0.1' }, { address: '127.0.0.1', port: 80 }],
    [{ captureMode: 'NONE' }, { address: '127.0.0.1', port: 80 }],
    [
      { bind: '127.0.0.9', captureMode: 'NONE' },
      { address: '127.0.0.9', port: 80 },
    ],
  ])('Sidecar egress.bind and egress.captureMode %j bind the listener', (listener, bind) => {
    const port = { number: 80, protocol: 'HTTP', name: 'http' };
    const egress = [{ port, hosts: ['./*'], ...listener }];
    expect(new TestMesh(...everything, sidecarResource('default', { egress })).sidecar().httpPorts).toMatchObject([
      { port: 80, bind },
    ]);
  });

  it.each(['HTTP', 'TCP'])('Sidecar egress.bind never makes a Unix socket for %s', (protocol) => {
    const egress = [{ port: { number: 80, protocol, name: 'x' }, bind: 'unix:///run/x.sock', hosts: ['shop/*'] }];
    const plan = new TestMesh(...everything, sidecarResource('default', { egress })).sidecar();
    expect(JSON.stringify([plan.httpPorts, plan.tcpListeners])).not.toContain('x.sock');
  });

  it('shares the objects of a service with proxies that have no Sidecar', () => {
    const mesh = new TestMesh(...everything, scope('shop/default', ['./*']));
    const wide = mesh.sidecar();
    for (const cluster of mesh.sidecar('shop').clusters) expect(wide.clusters).toContain(cluster);
  });
});

describe('Sidecar outboundTrafficPolicy', () => {
  it('outboundTrafficPolicy.mode decides for its workloads over the mesh', () => {
    const mesh = new TestMesh(sidecarResource('default', { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }));
    expect(mesh.sidecar().unknownDestinations).toBe('refuse');
    expect(mesh.sidecar('shop').unknownDestinations).toBe('pass-through');
  });

  it('outboundTrafficPolicy.egressProxy takes what is unknown', () => {
    const egressProxy = { host: 'b.shop.svc.cluster.local', port: { number: 80 } };
    const policy = { outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy } };
    const plan = new TestMesh(...everything, scope('default', ['./*'], policy)).sidecar();
    expect(plan.unknownDestinationsCluster).toBe('outbound|80||b.shop.svc.cluster.local');
    expect(plan.clusters.map(({ name }) => name)).toContain(plan.unknownDestinationsCluster);
  });
});

describe('Sidecar ingress: what proxies serve', () => {
  const containerPorts = [
    { port: 8080, protocol: 'TCP' as const },
    { port: 9000, protocol: 'TCP' as const },
  ];
  const ports = (...resources: Parameters<typeof sidecarResource>[1][]) => {
    const mesh = new TestMesh(
      service('a', [{ name: 'http', port: 80, targetPort: 9000 }]),
      ...resources.map((spec) => sidecarResource('default', spec)),
    );
    const proxy = sidecar(workload('a-1', { app: 'a' }, containerPorts));
    mesh.model.setProxy(proxy);
    return mesh.model.inbound(proxy.id)[0]?.ports ?? [];
  };

  it.each([
    [undefined, undefined],
    ['127.0.0.1:8081', { address: '127.0.0.1', port: 8081 }],
    ['0.0.0.0:8081', { address: '127.0.0.1', port: 8081 }],
  ])('Sidecar ingress.defaultEndpoint %s', (defaultEndpoint, endpoint) => {
    const [port] = ports({ ingress: [{ port: { number: 8080, protocol: 'GRPC', name: 'g' }, defaultEndpoint }] });
    expect(port).toMatchObject({ port: 8080, protocol: 'grpc', cluster: 'inbound|8080||', mutualTls: 'permissive' });
    expect(port?.endpoint).toEqual(endpoint);
    expect(port?.origin).toMatchObject({ resource: { kind: 'Sidecar' }, field: 'spec.ingress[0]' });
  });

  it('Sidecar ingress: ports that it leaves out are passed on as bytes', () => {
    const all = ports({ ingress: [{ port: { number: 8080, protocol: 'HTTP', name: 'h' } }] });
    expect(all.map(({ port, protocol }) => [port, protocol])).toEqual([
      [8080, 'http'],
      [9000, 'tcp'],
    ]);
  });

  it('Sidecar ingress.connectionPool decides over inboundConnectionPool', () => {
    const pool = (maxConnections: number) => ({ tcp: { maxConnections } });
    const listener = { port: { number: 8080, protocol: 'HTTP', name: 'h' } };
    const limit = (spec: object) => ports(spec)[0]?.connectionPool?.maxConnections;
    expect(limit({ ingress: [{ ...listener, connectionPool: pool(3) }], inboundConnectionPool: pool(7) })).toBe(3);
    expect(limit({ ingress: [listener], inboundConnectionPool: pool(7) })).toBe(7);
    expect(limit({ inboundConnectionPool: pool(7) })).toBe(7);
  });

  it('Sidecar ingress.tls takes the place of mutual TLS', () => {
    const tls = { mode: 'SIMPLE', serverCertificate: '/c', privateKey: '/k' };
    const [port] = ports({ ingress: [{ port: { number: 8080, protocol: 'HTTPS', name: 'h' }, tls }] });
    expect(port).toMatchObject({ mutualTls: 'disable', protocol: 'http', tls: { clientCertificate: 'none' } });
  });
});

describe('what Sidecars cannot have is said', () => {
  it('of two for all workloads the younger has no effect', () => {
    const [old, young] = [scope('old', ['./*'], {}, 1), scope('young', ['shop/*'], {}, 2)];
    const mesh = new TestMesh(...everything, young, old);
    expect(mesh.remarks(young)).toEqual([expect.stringContaining('the older old holds')]);
    expect(mesh.remarks(old)).toEqual([]);
    expect(seen(mesh)).toEqual(['a', 'api']);
  });

  it('of two that select one workload the younger is told, once there is such a workload', () => {
    const select = (name: string, labels: object, created: number) =>
      scope(name, ['./*'], { workloadSelector: { labels } }, created);
    const [old, young] = [select('old', { app: 'a' }, 1), select('young', { version: 'v1' }, 2)];
    const mesh = new TestMesh(...everything, young, old);
    expect(mesh.remarks(young)).toEqual([]);
    scopeOf(mesh, 'a-1', { app: 'a', version: 'v1' });
    expect(mesh.remarks(young)).toEqual([expect.stringContaining('a-1')]);
    expect(mesh.remarks(old)).toEqual([]);
  });

  it('a host that nothing has', () => {
    const lost = scope('default', ['shop/gone.shop.svc.cluster.local', '*/*']);
    expect(new TestMesh(...everything, lost).remarks(lost)).toEqual([
      expect.stringContaining('spec.egress[0].hosts[0]'),
    ]);
  });
});
