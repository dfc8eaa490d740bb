import { describe, expect, it } from 'vitest';
import { TestMesh, target } from '../testing/mesh.ts';
import { age, destinationRule, peerAuthentication, pod, service, slice } from '../testing/resources.ts';

const http = [{ name: 'http', port: 9080 }];
const tcp = [{ name: 'tcp', port: 3306 }];

const reviews = [
  service('reviews', http, { spec: { clusterIP: '10.96.0.5' } }),
  pod('reviews-1', { app: 'reviews', version: 'v1' }, { account: 'reviews' }),
  pod('reviews-2', { app: 'reviews', version: 'v2' }, { account: 'other', mesh: false }),
  slice('reviews', { name: 'http', port: 9080 }, [
    { ip: '10.244.0.12', pod: 'reviews-2' },
    { ip: '10.244.0.11', pod: 'reviews-1' },
  ]),
];
const subsets = [
  { name: 'v1', labels: { version: 'v1' } },
  { name: 'v2', labels: { version: 'v2' } },
];

describe('000-31 service discovery: what sidecars may call', () => {
  it('gives an HTTP service the domains Istio gives it, the bare name only in its own namespace', () => {
    const mesh = new TestMesh(...reviews);
    const names = [
      'reviews.default.svc.cluster.local',
      'reviews.default.svc.cluster.local.',
      'reviews',
      'reviews.default.svc',
      'reviews.default',
      '10.96.0.5',
    ];
    const domains = names.flatMap((name) => [name, `${name}:9080`]);
    expect(mesh.virtualHost('reviews')).toMatchObject({ name: 'reviews.default.svc.cluster.local:9080', domains });
    const elsewhere = mesh.virtualHost('reviews', mesh.sidecar('shop'))?.domains;
    expect(elsewhere).toEqual(domains.filter((domain) => domain !== 'reviews' && domain !== 'reviews:9080'));
  });

  it('writes IPv6 addresses as they stand in a Host header', () => {
    const mesh = new TestMesh(service('a', http, { spec: { clusterIPs: ['fd00::1'] } }));
    expect(mesh.virtualHost('a')?.domains).toEqual(expect.arrayContaining(['[fd00::1]', '[fd00::1]:9080']));
  });

  it('forwards to the service itself when no rule says otherwise', () => {
    expect(new TestMesh(...reviews).routes('reviews').map(target)).toEqual(['reviews|9080:100']);
  });

  it('keeps domains of one port unique when two services claim one address', () => {
    const mesh = new TestMesh(service('a', http), service('b', http));
    const domains = mesh
      .sidecar()
      .httpPorts.flatMap(({ virtualHosts }) => virtualHosts.flatMap((host) => host.domains));
    expect(new Set(domains).size).toBe(domains.length);
    expect(mesh.virtualHost('a')?.domains).toContain('10.96.0.1');
  });

  it('listens for TCP services on their virtual address', () => {
    const mesh = new TestMesh(service('db', tcp, { spec: { clusterIP: '10.96.0.9' } }));
    expect(mesh.sidecar().httpPorts).toEqual([]);
    expect(mesh.sidecar().tcpListeners).toMatchObject([
      { address: '10.96.0.9', port: 3306, destinations: [{ cluster: 'outbound|3306||db.default.svc.cluster.local' }] },
    ]);
  });

  it('leaves UDP ports alone', () => {
    const mesh = new TestMesh(service('dns', [{ name: 'http', port: 53, protocol: 'UDP' }]));
    expect(mesh.sidecar()).toMatchObject({ httpPorts: [], tcpListeners: [], clusters: [] });
  });

  it('names services by their address, headless ones and their pods by endpoints', () => {
    const headless = service('db', http, { spec: { clusterIP: 'None' } });
    const endpoints = slice('db', { name: 'http', port: 9080 }, [
      { ip: '10.244.0.2', hostname: 'db-1' },
      { ip: '10.244.0.1', hostname: 'db-0' },
      { ip: '10.244.0.3', conditions: { ready: false } },
    ]);
    expect(new TestMesh(...reviews, headless, endpoints).sidecar().dns).toEqual([
      { name: 'db.default.svc.cluster.local', addresses: ['10.244.0.1', '10.244.0.2'] },
      { name: 'db-0.db.default.svc.cluster.local', addresses: ['10.244.0.1'] },
      { name: 'db-1.db.default.svc.cluster.local', addresses: ['10.244.0.2'] },
      { name: 'reviews.default.svc.cluster.local', addresses: ['10.96.0.5'] },
    ]);
  });
});

describe('000-32 health: which endpoints get traffic', () => {
  const port = { name: 'http', port: 9080 };
  const health = (conditions: object, spec: object = {}) => {
    const mesh = new TestMesh(service('a', http, { spec }), slice('a', port, [{ ip: '10.244.0.1', conditions }]));
    return mesh.sidecar().endpoints[0]?.endpoints.map((endpoint) => endpoint.health);
  };

  it.each([
    [{ ready: true }, ['healthy']],
    [{ ready: false }, []],
    [{ ready: false, serving: true, terminating: true }, ['draining']],
    [{ ready: false, serving: false, terminating: true }, []],
  ])('%j → %j', (conditions, expected) => {
    expect(health(conditions)).toEqual(expected);
  });

  it('sends to endpoints that are not ready when the service publishes them', () => {
    expect(health({ ready: false }, { publishNotReadyAddresses: true })).toEqual(['healthy']);
  });

  it('joins slices, by port name, without repeating an endpoint', () => {
    const ports = [
      { name: 'http', port: 80 },
      { name: 'grpc', port: 90 },
    ];
    const mesh = new TestMesh(
      service('a', ports),
      slice('a-1', { name: 'http', port: 8080 }, [{ ip: '10.244.0.2' }, { ip: '10.244.0.1' }]),
      slice('a-2', { name: 'http', port: 8080 }, [{ ip: '10.244.0.1' }]),
      slice('a-3', { name: 'grpc', port: 9090 }, [{ ip: '10.244.0.3' }]),
    );
    expect(
      mesh
        .sidecar()
        .endpoints.map(({ cluster, endpoints }) => [cluster, endpoints.map((e) => `${e.address}:${e.port}`)]),
    ).toEqual([
      ['outbound|80||a.default.svc.cluster.local', ['10.244.0.1:8080', '10.244.0.2:8080']],
      ['outbound|90||a.default.svc.cluster.local', ['10.244.0.3:9090']],
    ]);
  });
});

describe('000-34 load balancing: clusters and subsets', () => {
  it('makes a cluster per subset with the endpoints whose pods have its labels', () => {
    const plan = new TestMesh(...reviews, destinationRule('reviews', { host: 'reviews', subsets })).sidecar();
    expect(plan.endpoints.map(({ cluster, endpoints }) => [cluster, endpoints.map(({ address }) => address)])).toEqual([
      ['outbound|9080||reviews.default.svc.cluster.local', ['10.244.0.11', '10.244.0.12']],
      ['outbound|9080|v1|reviews.default.svc.cluster.local', ['10.244.0.11']],
      ['outbound|9080|v2|reviews.default.svc.cluster.local', ['10.244.0.12']],
    ]);
    expect(plan.clusters.map(({ name }) => name)).toEqual(plan.endpoints.map(({ cluster }) => cluster));
  });

  it('takes settings from the subset, else from the rule, else from the defaults of the mesh', () => {
    const rule = destinationRule('reviews', {
      host: 'reviews',
      trafficPolicy: { loadBalancer: { simple: 'RANDOM' }, connectionPool: { tcp: { connectTimeout: '1s' } } },
      subsets: [{ name: 'v1', labels: {}, trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } }],
    });
    const settings = (mesh: TestMesh) =>
      mesh.sidecar().clusters.map((c) => [c.subset, c.loadBalancer, c.connectTimeoutMs]);
    expect(settings(new TestMesh(...reviews, rule))).toEqual([
      [undefined, 'random', 1000],
      ['v1', 'round-robin', 1000],
    ]);
    expect(settings(new TestMesh(...reviews))).toEqual([[undefined, 'least-request', 10_000]]);
  });
});

describe('000-35 authentication: how clients secure connections', () => {
  const tlsOf = (mesh: TestMesh) => mesh.sidecar().clusters.map(({ tls }) => tls);

  it('decides per endpoint by default and accepts exactly the identities behind the service', () => {
    const mesh = new TestMesh(...reviews);
    expect(tlsOf(mesh)).toEqual([
      {
        mode: 'auto',
        subjectAltNames: ['spiffe://cluster.local/ns/default/sa/other', 'spiffe://cluster.local/ns/default/sa/reviews'],
        serverName: 'outbound_.9080_._.reviews.default.svc.cluster.local',
      },
    ]);
    expect(mesh.sidecar().endpoints[0]?.endpoints.map(({ mutualTls, workload }) => [workload?.pod, mutualTls])).toEqual(
      [
        ['reviews-1', true],
        ['reviews-2', false],
      ],
    );
  });

  it('keeps the identities of endpoints that are not ready, so that a failing probe does not change clusters', () => {
    const mesh = new TestMesh(...reviews);
    const before = mesh.sidecar().clusters;
    mesh.apply(
      slice('reviews', { name: 'http', port: 9080 }, [
        { ip: '10.244.0.12', pod: 'reviews-2' },
        { ip: '10.244.0.11', pod: 'reviews-1', conditions: { ready: false } },
      ]),
    );
    expect(mesh.sidecar().endpoints[0]?.endpoints).toHaveLength(1);
    expect(mesh.sidecar().clusters).toBe(before);
  });

  it.each([
    ['ISTIO_MUTUAL', 'mutual'],
    ['DISABLE', 'plain'],
    ['SIMPLE', 'custom'],
  ])('DestinationRule mode %s makes clusters %s', (mode, expected) => {
    const rule = destinationRule('reviews', { host: 'reviews', trafficPolicy: { tls: { mode } } });
    expect(tlsOf(new TestMesh(...reviews, rule)).map((tls) => tls.mode)).toEqual([expected]);
  });

  it('gives the server name of a subset its name', () => {
    const tls = tlsOf(new TestMesh(...reviews, destinationRule('reviews', { host: 'reviews', subsets }))).at(1);
    expect(tls).toMatchObject({ serverName: 'outbound_.9080_.v1_.reviews.default.svc.cluster.local' });
  });

  it('sends plain text to endpoints whose policy switches mutual TLS off', () => {
    const off = peerAuthentication('off', { selector: { matchLabels: { app: 'reviews' } }, mtls: { mode: 'DISABLE' } });
    const endpoints = new TestMesh(...reviews, off).sidecar().endpoints[0]?.endpoints ?? [];
    expect(endpoints.map(({ mutualTls }) => mutualTls)).toEqual([false, false]);
  });
});

describe('which DestinationRule holds', () => {
  const rule = (name: string, subset: string, created: number, more: object = {}) =>
    destinationRule(
      name,
      { host: 'reviews.default.svc.cluster.local', subsets: [{ name: subset, labels: {} }], ...more },
      age(created),
    );
  const subsetsFor = (mesh: TestMesh, namespace: string) =>
    mesh.sidecar(namespace).clusters.flatMap(({ subset }) => subset ?? []);

  it('is one in the namespace of the client, else of the service, else of the root namespace', () => {
    const mesh = new TestMesh(...reviews, rule('istio-system/r', 'root', 1));
    expect(subsetsFor(mesh, 'shop')).toEqual(['root']);
    mesh.apply(rule('default/s', 'service', 2));
    expect(subsetsFor(mesh, 'shop')).toEqual(['service']);
    mesh.apply(rule('shop/c', 'client', 3));
    expect(subsetsFor(mesh, 'shop')).toEqual(['client']);
    expect(subsetsFor(mesh, 'default')).toEqual(['service']);
    expect(subsetsFor(mesh, 'other')).toEqual(['service']);
  });

  it('is the one for the most specific host', () => {
    const wide = destinationRule('wide', { host: '*.local', trafficPolicy: { tls: { mode: 'DISABLE' } } });
    const mesh = new TestMesh(...reviews, wide);
    expect(mesh.sidecar().clusters[0]?.tls.mode).toBe('plain');
    mesh.apply(destinationRule('own', { host: 'reviews' }));
    expect(mesh.sidecar().clusters[0]?.tls.mode).toBe('auto');
  });

  it('is a merge of several for one host, in which the oldest wins', () => {
    const young = rule('young', 'v2', 2, { trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } });
    const old = destinationRule('old', { host: 'reviews', subsets: [{ name: 'v1', labels: {} }] }, age(1));
    const youngest = rule('youngest', 'v1', 3, { trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } });
    const mesh = new TestMesh(...reviews, youngest, young, old);
    expect(subsetsFor(mesh, 'default')).toEqual(['v1', 'v2']);
    expect(mesh.sidecar().clusters[0]?.loadBalancer).toBe('random');
  });

  it('is seen only where it is exported to', () => {
    const mesh = new TestMesh(...reviews, rule('default/private', 'v1', 1, { exportTo: ['.'] }));
    expect(subsetsFor(mesh, 'default')).toEqual(['v1']);
    expect(subsetsFor(mesh, 'shop')).toEqual([]);
    mesh.apply(rule('default/private', 'v1', 1, { exportTo: ['shop'] }));
    expect(subsetsFor(mesh, 'shop')).toEqual(['v1']);
    expect(subsetsFor(mesh, 'other')).toEqual([]);
  });
});

describe('scopes', () => {
  it('share the objects of a service between namespaces that see the same', () => {
    const mesh = new TestMesh(...reviews, destinationRule('reviews', { host: 'reviews', subsets }));
    const [a, b] = [mesh.sidecar('shop'), mesh.sidecar('other')];
    expect(a.clusters[0]).toBe(b.clusters[0]);
    expect(a.endpoints[1]).toBe(b.endpoints[1]);
    expect(a.httpPorts[0]?.virtualHosts[0]).toBe(b.httpPorts[0]?.virtualHosts[0]);
  });

  it('of workloads outside the mesh have plain TCP only', () => {
    const plan = new TestMesh(...reviews, destinationRule('reviews', { host: 'reviews', subsets })).model.outbound(
      'node',
    );
    expect(plan.httpPorts).toEqual([]);
    expect(plan.tcpListeners).toMatchObject([{ address: '10.96.0.5', port: 9080 }]);
    expect(plan.clusters).toMatchObject([
      { name: 'outbound|9080||reviews.default.svc.cluster.local', protocol: 'tcp', tls: { mode: 'plain' } },
    ]);
    expect(plan.dns).toHaveLength(1);
  });
});
