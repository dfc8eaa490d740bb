import type { ClusterPlan, OutboundPlan } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import {
  destinationRule,
  gatewayProxy,
  pod,
  secret,
  service,
  serviceEntry,
  sidecar,
  slice,
  virtualService,
  workload,
} from '../testing/resources.ts';

const HOST = 'reviews.default.svc.cluster.local';
const ports = [
  { name: 'http', port: 9080 },
  { name: 'tcp-db', port: 3306 },
];
const reviews = [
  service('reviews', ports, { spec: { clusterIP: '10.96.0.5' } }),
  pod('reviews-1', { app: 'reviews', version: 'v1' }, { account: 'reviews' }),
  slice('reviews', { name: 'http', port: 9080 }, [{ ip: '10.244.0.11', pod: 'reviews-1' }]),
];
const rule = (spec: object) => destinationRule('reviews', { host: 'reviews', ...spec });
const cluster = (plan: OutboundPlan, name = `outbound|9080||${HOST}`): ClusterPlan | undefined =>
  plan.clusters.find((candidate) => candidate.name === name);
const withPolicy = (trafficPolicy: object) => new TestMesh(...reviews, rule({ trafficPolicy }));

/** A policy with one field, written as the path of the field and its value. */
function nested(path: string, value: unknown): object {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
}

describe('DestinationRule', () => {
  it.each<[field: string, value: unknown, expected: Partial<ClusterPlan>]>([
    ['loadBalancer.simple', 'LEAST_REQUEST', { loadBalancer: 'least-request' }],
    ['loadBalancer.simple', 'LEAST_CONN', { loadBalancer: 'least-request' }],
    ['loadBalancer.simple', 'ROUND_ROBIN', { loadBalancer: 'round-robin' }],
    ['loadBalancer.simple', 'RANDOM', { loadBalancer: 'random' }],
    ['loadBalancer.simple', 'UNSPECIFIED', { loadBalancer: 'least-request' }],
    ['loadBalancer.simple', 'PASSTHROUGH', { discovery: 'original-destination' }],
    ['loadBalancer.warmupDurationSecs', '60s', { warmup: { durationMs: 60_000 } }],
    ['loadBalancer.warmup.duration', '60s', { warmup: { durationMs: 60_000, minimumPercent: 10, aggression: 1 } }],
    [
      'loadBalancer.warmup',
      { duration: '60s', minimumPercent: 20, aggression: 1.5 },
      { warmup: { durationMs: 60_000, minimumPercent: 20, aggression: 1.5 } },
    ],
    [
      'loadBalancer.consistentHash.ringHash.minimumRingSize',
      2048,
      { loadBalancer: 'ring-hash', ring: { minimumSize: 2048 } },
    ],
    ['loadBalancer.consistentHash.minimumRingSize', 512, { loadBalancer: 'ring-hash', ring: { minimumSize: 512 } }],
    ['loadBalancer.consistentHash.maglev.tableSize', 131, { loadBalancer: 'maglev', ring: { tableSize: 131 } }],
    ['connectionPool.tcp.maxConnections', 7, { connectionPool: { maxConnections: 7 } }],
    ['connectionPool.tcp.connectTimeout', '1s', { connectTimeoutMs: 1000 }],
    ['connectionPool.tcp.maxConnectionDuration', '1h', { connectionPool: { maxConnectionDurationMs: 3_600_000 } }],
    ['connectionPool.tcp.idleTimeout', '0s', { connectionPool: { tcpIdleTimeoutMs: 0 } }],
    [
      'connectionPool.tcp.tcpKeepalive',
      { probes: 3, time: '7200s', interval: '75s' },
      { connectionPool: { tcpKeepalive: { probes: 3, timeMs: 7_200_000, intervalMs: 75_000 } } },
    ],
    ['connectionPool.http.http1MaxPendingRequests', 1, { connectionPool: { maxPendingRequests: 1 } }],
    ['connectionPool.http.http2MaxRequests', 1, { connectionPool: { maxRequests: 1 } }],
    ['connectionPool.http.http2MaxRequests', 0, { connectionPool: {} }],
    ['connectionPool.http.maxRequestsPerConnection', 1, { connectionPool: { maxRequestsPerConnection: 1 } }],
    ['connectionPool.http.maxRetries', 1, { connectionPool: { maxRetries: 1 } }],
    ['connectionPool.http.idleTimeout', '30s', { connectionPool: { idleTimeoutMs: 30_000 } }],
    ['connectionPool.http.h2UpgradePolicy', 'UPGRADE', { connectionPool: { upgradesToHttp2: true } }],
    ['connectionPool.http.h2UpgradePolicy', 'DO_NOT_UPGRADE', { connectionPool: {} }],
    ['connectionPool.http.useClientProtocol', true, { connectionPool: { usesClientProtocol: true } }],
    ['connectionPool.http.maxConcurrentStreams', 9, { connectionPool: { maxConcurrentStreams: 9 } }],
    [
      'connectionPool.http.http2KeepAlive',
      { interval: '5s', timeout: '1s' },
      { connectionPool: { http2Keepalive: { intervalMs: 5000, timeoutMs: 1000 } } },
    ],
    ['outlierDetection.consecutive5xxErrors', 0, { outlierDetection: { consecutive5xxErrors: 0 } }],
    ['outlierDetection.consecutiveGatewayErrors', 3, { outlierDetection: { consecutiveGatewayErrors: 3 } }],
    [
      'outlierDetection',
      { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 4 },
      { outlierDetection: { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 4 } },
    ],
    ['outlierDetection.interval', '1s', { outlierDetection: { intervalMs: 1000 } }],
    ['outlierDetection.baseEjectionTime', '3m', { outlierDetection: { baseEjectionTimeMs: 180_000 } }],
    ['outlierDetection.maxEjectionPercent', 100, { outlierDetection: { maxEjectionPercent: 100 } }],
    ['outlierDetection.minHealthPercent', 20, { outlierDetection: { minHealthPercent: 20 } }],
    ['tls.mode', 'DISABLE', { tls: { mode: 'plain' } }],
    [
      'tls',
      { mode: 'ISTIO_MUTUAL', sni: 'own.sni', subjectAltNames: ['spiffe://x/y'] },
      { tls: { mode: 'mutual', serverName: 'own.sni', subjectAltNames: ['spiffe://x/y'] } },
    ],
    [
      'tls.mode',
      'SIMPLE',
      { tls: { mode: 'custom', presentsCertificate: false, subjectAltNames: [], verifiesServer: true } },
    ],
    [
      'tls',
      { mode: 'SIMPLE', caCertificates: '/ca.pem', caCrl: '/crl.pem', subjectAltNames: ['db'], sni: 'db.example' },
      {
        tls: {
          mode: 'custom',
          presentsCertificate: false,
          credential: { kind: 'files', caCertificates: '/ca.pem', crl: '/crl.pem' },
          subjectAltNames: ['db'],
          serverName: 'db.example',
          verifiesServer: true,
        },
      },
    ],
    [
      'tls',
      { mode: 'SIMPLE', insecureSkipVerify: true },
      { tls: { mode: 'custom', presentsCertificate: false, subjectAltNames: [], verifiesServer: false } },
    ],
    [
      'tls',
      { mode: 'MUTUAL', clientCertificate: '/c.pem', privateKey: '/k.pem', caCertificates: 'system' },
      {
        tls: {
          mode: 'custom',
          presentsCertificate: true,
          credential: { kind: 'files', certificateChain: '/c.pem', privateKey: '/k.pem' },
          subjectAltNames: [],
          verifiesServer: true,
        },
      },
    ],
    ['proxyProtocol.version', 'V2', { proxyProtocol: 'v2' }],
    ['proxyProtocol', {}, { proxyProtocol: 'v1' }],
    ['retryBudget', {}, { connectionPool: { retryBudget: { percent: 20, minConcurrency: 3 } } }],
    [
      'retryBudget',
      { percent: 12.5, minRetryConcurrency: 1, budgetInterval: '1s' },
      { connectionPool: { retryBudget: { percent: 12.5, minConcurrency: 1, intervalMs: 1000 } } },
    ],
    [
      'tunnel',
      { targetHost: 'far.example', targetPort: 443 },
      { tunnel: { method: 'CONNECT', host: 'far.example', port: 443 } },
    ],
    [
      'tunnel',
      { protocol: 'POST', targetHost: '192.0.2.1', targetPort: 80 },
      { tunnel: { method: 'POST', host: '192.0.2.1', port: 80 } },
    ],
  ])('trafficPolicy.%s %j is what clients of the host do', (field, value, expected) => {
    const mesh = withPolicy(nested(field, value));
    expect(cluster(mesh.sidecar())).toMatchObject(expected);
    for (const [name, wanted] of Object.entries(expected)) expect(cluster(mesh.sidecar())).toHaveProperty(name, wanted);
  });

  it.each([
    ['httpHeaderName', 'x-user', { kind: 'header', name: 'x-user' }],
    ['httpQueryParameterName', 'user', { kind: 'query-parameter', name: 'user' }],
    ['useSourceIp', true, { kind: 'source-address' }],
    ['httpCookie', { name: 'user' }, { kind: 'cookie', name: 'user' }],
    [
      'httpCookie',
      { name: 'user', path: '/a', ttl: '0s', attributes: [{ name: 'SameSite', value: 'Lax' }, { name: 'Secure' }] },
      {
        kind: 'cookie',
        name: 'user',
        path: '/a',
        ttlMs: 0,
        attributes: [
          { name: 'SameSite', value: 'Lax' },
          { name: 'Secure', value: '' },
        ],
      },
    ],
  ])('trafficPolicy.loadBalancer.consistentHash.%s %j is what requests are hashed by', (key, value, hash) => {
    const mesh = withPolicy({ loadBalancer: { consistentHash: { [key]: value } } });
    expect(mesh.routes('reviews')[0]?.action).toMatchObject({ kind: 'forward', hashPolicies: [hash] });
    mesh.apply(
      virtualService('reviews', {
        hosts: ['reviews'],
        http: [{ route: [{ destination: { host: 'reviews', port: { number: 9080 } } }] }],
      }),
    );
    expect(mesh.routes('reviews')[0]?.action).toMatchObject({ hashPolicies: [hash] });
  });

  it('trafficPolicy.connectionPool.tcp and tunnel hold for listeners that pass on bytes', () => {
    const mesh = withPolicy({
      connectionPool: { tcp: { idleTimeout: '5s', maxConnectionDuration: '1m' } },
      loadBalancer: { consistentHash: { useSourceIp: true } },
      tunnel: { protocol: 'POST', targetHost: 'far.example', targetPort: 443 },
    });
    const settings = {
      idleTimeoutMs: 5000,
      maxConnectionDurationMs: 60_000,
      hashesSourceAddress: true,
      tunnel: { method: 'POST', host: 'far.example', port: 443 },
    };
    expect(mesh.sidecar().tcpListeners).toMatchObject([{ port: 3306, ...settings }]);
    const tcp = [{ match: [{ port: 3306 }], route: [{ destination: { host: 'reviews', port: { number: 3306 } } }] }];
    mesh.apply(virtualService('reviews', { hosts: ['reviews'], tcp }));
    expect(mesh.sidecar().tcpListeners).toMatchObject([{ port: 3306, ...settings }]);
  });

  it('subsets[].trafficPolicy takes the place of each block of the rule, trafficPolicy.portLevelSettings that of all of them', () => {
    const mesh = new TestMesh(
      ...reviews,
      rule({
        trafficPolicy: {
          loadBalancer: { consistentHash: { useSourceIp: true } },
          connectionPool: { tcp: { connectTimeout: '1s', maxConnections: 1 } },
          outlierDetection: {},
          retryBudget: { percent: 50 },
          portLevelSettings: [{ port: { number: 3306 }, connectionPool: { tcp: { maxConnections: 2 } } }],
        },
        subsets: [
          { name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } },
          {
            name: 'v2',
            trafficPolicy: { portLevelSettings: [{ port: { number: 9080 }, loadBalancer: { simple: 'ROUND_ROBIN' } }] },
          },
        ],
      }),
    );
    const retryBudget = { percent: 50, minConcurrency: 3 };
    const of = (port: number, subset: string) => {
      const { loadBalancer, connectTimeoutMs, connectionPool, outlierDetection } =
        cluster(mesh.sidecar(), `outbound|${port}|${subset}|${HOST}`) ?? {};
      return { loadBalancer, connectTimeoutMs, connectionPool, outlierDetection };
    };
    const ofRule = { connectTimeoutMs: 1000, connectionPool: { maxConnections: 1, retryBudget }, outlierDetection: {} };
    expect(of(9080, '')).toEqual({ loadBalancer: 'ring-hash', ...ofRule });
    expect(of(9080, 'v1')).toEqual({ loadBalancer: 'random', ...ofRule });
    // What the settings of a port leave out has its default, be they the rule's or the subset's.
    expect(of(3306, '')).toEqual({
      loadBalancer: 'least-request',
      connectTimeoutMs: 10_000,
      connectionPool: { maxConnections: 2 },
      outlierDetection: undefined,
    });
    expect(of(9080, 'v2')).toEqual({
      loadBalancer: 'round-robin',
      connectTimeoutMs: 10_000,
      connectionPool: { retryBudget },
      outlierDetection: undefined,
    });
  });

  it('workloadSelector chooses clients in the namespace of the rule, before rules for everybody', () => {
    const selective = destinationRule('selective', {
      host: HOST,
      workloadSelector: { matchLabels: { app: 'shop' } },
      subsets: [{ name: 'own', labels: {} }],
      trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'x' } } },
    });
    const mesh = new TestMesh(...reviews, rule({ trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }), selective);
    const planOf = (name: string, app: string) => {
      const proxy = sidecar(workload(name, { app }));
      mesh.model.setProxy(proxy);
      return mesh.model.outbound(mesh.model.scopeOf(proxy.id));
    };
    expect(cluster(planOf('shop', 'shop'))?.loadBalancer).toBe('ring-hash');
    expect(cluster(planOf('shop', 'shop'), `outbound|9080|own|${HOST}`)).toBeDefined();
    expect(mesh.routes('reviews', planOf('shop', 'shop'))[0]?.action).toMatchObject({ hashPolicies: [{ name: 'x' }] });
    expect(cluster(planOf('other', 'other'))?.loadBalancer).toBe('random');
    expect(cluster(planOf('elsewhere/shop', 'shop'))?.loadBalancer).toBe('random');
    expect(mesh.routes('reviews', planOf('other', 'other'))[0]?.action).not.toHaveProperty('hashPolicies');
    // A route to the subset exists for those only who see the subset.
    const toOwn = { destination: { host: 'reviews', subset: 'own', port: { number: 9080 } } };
    mesh.apply(virtualService('reviews', { hosts: ['reviews'], http: [{ route: [toOwn] }] }));
    expect(mesh.routes('reviews', planOf('shop', 'shop'))[0]?.action).toMatchObject({ kind: 'forward' });
    expect(mesh.routes('reviews', planOf('other', 'other'))[0]?.action).toMatchObject({ kind: 'respond', status: 503 });
    // Where a fault may answer first the proxy has to try, so that the headers of that answer are changed too (Istio).
    const fault = { abort: { httpStatus: 418, percentage: { value: 100 } } };
    mesh.apply(virtualService('reviews', { hosts: ['reviews'], http: [{ route: [toOwn], fault }] }));
    expect(mesh.routes('reviews', planOf('other', 'other'))[0]?.action).toMatchObject({ kind: 'forward' });
  });

  it('trafficPolicy.tls.credentialName is a Secret of the client’s namespace, for gateways and selected sidecars', () => {
    const tls = { mode: 'MUTUAL', credentialName: 'db' };
    const forAll = rule({ trafficPolicy: { tls } });
    const pem = (what: string) => `-----BEGIN ${what}-----`;
    const material = { 'tls.crt': pem('CHAIN'), 'tls.key': pem('KEY'), 'ca.crt': pem('CA') };
    const mesh = new TestMesh(...reviews, forAll, secret('edge/db', material), secret('default/db', material));
    const gateway = gatewayProxy('edge', {});
    mesh.model.setProxy(gateway);
    const ofGateway = () => mesh.model.outbound(mesh.model.scopeOf(gateway.id));
    const credential = { kind: 'secret', namespace: 'edge', name: 'db' };
    expect(cluster(ofGateway())?.tls).toMatchObject({ mode: 'custom', presentsCertificate: true, credential });
    expect(ofGateway().secrets).toEqual([
      { name: 'kubernetes://db', keyPair: { certificateChainPem: pem('CHAIN'), privateKeyPem: pem('KEY') } },
      { name: 'kubernetes://db-cacert', trustedCaPem: pem('CA') },
    ]);
    expect(cluster(mesh.sidecar())?.tls).toEqual({ mode: 'plain' });
    expect(mesh.sidecar().secrets).toBeUndefined();

    mesh.apply(
      destinationRule('reviews', { host: 'reviews', workloadSelector: { matchLabels: {} }, trafficPolicy: { tls } }),
    );
    const proxy = sidecar(workload('client', { app: 'client' }));
    mesh.model.setProxy(proxy);
    const selected = () => mesh.model.outbound(mesh.model.scopeOf(proxy.id));
    expect(cluster(selected())?.tls).toMatchObject({ credential: { ...credential, namespace: 'default' } });
    expect(selected().secrets).toHaveLength(2);

    // Without its material nothing is sent, rather than in plain text.
    mesh.delete(secret('default/db', material));
    expect(selected().endpoints.find(({ cluster: name }) => name.startsWith('outbound|9080'))?.endpoints).toEqual([]);
    expect(selected().secrets).toBeUndefined();
  });

  it('trafficPolicy.tls that cannot be carried out sends nothing, not plain text to a server outside', () => {
    const outside = serviceEntry('api', {
      hosts: ['api.example.com'],
      ports: [{ number: 443, name: 'http', protocol: 'HTTP' }],
      resolution: 'DNS',
      location: 'MESH_EXTERNAL',
    });
    const name = 'outbound|443||api.example.com';
    const ofMode = (tls: object) =>
      new TestMesh(outside, destinationRule('api', { host: 'api.example.com', trafficPolicy: { tls } })).sidecar();
    expect(cluster(ofMode({ mode: 'SIMPLE' }), name)).toMatchObject({
      discovery: 'strict-dns',
      tls: { mode: 'custom' },
    });
    const broken = ofMode({ mode: 'MUTUAL' });
    expect(cluster(broken, name)).not.toHaveProperty('discovery');
    expect(broken.endpoints).toEqual([{ cluster: name, endpoints: [] }]);
  });

  it('host is a short name of the rule’s namespace, a full name, or a pattern', () => {
    const balancerWith = (host: string, namespace = 'default') =>
      cluster(
        new TestMesh(
          ...reviews,
          destinationRule(`${namespace}/r`, { host, trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }),
        ).sidecar(),
      )?.loadBalancer;
    expect(balancerWith('reviews')).toBe('random');
    expect(balancerWith(HOST)).toBe('random');
    expect(balancerWith('*.default.svc.cluster.local')).toBe('random');
    expect(balancerWith('reviews', 'istio-system')).toBe('least-request');
    expect(balancerWith(HOST, 'istio-system')).toBe('random');
  });

  it('exportTo says who follows the rule', () => {
    const spec = { host: 'reviews', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } };
    const balancers = (exportTo: readonly string[]) => {
      const mesh = new TestMesh(...reviews, destinationRule('reviews', { ...spec, exportTo }));
      return ['default', 'shop'].map((namespace) => cluster(mesh.sidecar(namespace))?.loadBalancer);
    };
    expect(balancers(['.'])).toEqual(['random', 'least-request']);
    expect(balancers(['shop'])).toEqual(['least-request', 'random']);
    expect(balancers(['*'])).toEqual(['random', 'random']);
  });

  it('subsets[].name and subsets[].labels choose endpoints by the labels of their pods', () => {
    const subsets = [
      { name: 'v1', labels: { version: 'v1' } },
      { name: 'v2', labels: { version: 'v2' } },
    ];
    const { endpoints } = new TestMesh(...reviews, rule({ subsets })).sidecar();
    const of = (subset: string) =>
      endpoints
        .find(({ cluster: name }) => name === `outbound|9080|${subset}|${HOST}`)
        ?.endpoints.map((e) => e.address);
    expect([of(''), of('v1'), of('v2')]).toEqual([['10.244.0.11'], ['10.244.0.11'], []]);
  });

  it('trafficPolicy.loadBalancer.simple PASSTHROUGH uses mesh identities when every endpoint has them', () => {
    const mesh = withPolicy({ loadBalancer: { simple: 'PASSTHROUGH' } });
    expect(cluster(mesh.sidecar())?.tls.mode).toBe('mutual');
    mesh.apply(pod('reviews-1', { app: 'reviews' }, { mesh: false }));
    expect(cluster(mesh.sidecar())?.tls).toEqual({ mode: 'plain' });
  });
});

describe('remarks on a DestinationRule that need other resources', () => {
  const remarks = (trafficPolicy: object, more: object = {}) => {
    const written = rule({ trafficPolicy, ...more });
    return new TestMesh(...reviews, written)
      .remarks(written)
      .map((remark) => remark.replace('spec.trafficPolicy.', ''));
  };

  it('say that failover needs outlierDetection, of the rule or inherited by the subset', () => {
    const localityLbSetting = { failover: [{ from: 'eu', to: 'us' }] };
    const message = 'invalid: loadBalancer.localityLbSetting: failover has no effect without outlierDetection';
    expect(remarks({ loadBalancer: { localityLbSetting } })).toEqual([message]);
    expect(remarks({ loadBalancer: { localityLbSetting }, outlierDetection: {} })).toEqual([]);
    const subsets = [{ name: 'v1', trafficPolicy: { loadBalancer: { localityLbSetting } } }];
    expect(remarks({ outlierDetection: {} }, { subsets })).toEqual([]);
  });

  it('say which Secret is missing, to whom it matters', () => {
    const tls = { mode: 'MUTUAL', credentialName: 'db' };
    const workloadSelector = { matchLabels: { app: 'shop' } };
    expect(remarks({ tls }, { workloadSelector })).toEqual([
      'invalid: tls: there is no Secret db in default; nothing is sent',
    ]);
  });

  it('say that a tunnel is nothing for HTTP', () => {
    const tunnel = { targetHost: 'far.example', targetPort: 443 };
    const web = destinationRule('web', { host: 'web', trafficPolicy: { tunnel } });
    const mesh = new TestMesh(service('web', [{ name: 'http', port: 80 }]), web);
    expect(mesh.remarks(web)).toEqual([
      'invalid: spec.trafficPolicy.tunnel: a tunnel is for TCP and TLS; the service has HTTP ports only',
    ]);
    expect(remarks({ tunnel })).toEqual([]);
  });
});
