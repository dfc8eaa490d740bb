import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { destinationRule, service, serviceEntry } from '../testing/resources.ts';
import { at, route, seen, shop, to } from '../testing/service-routes.ts';

describe('backends of routes whose parent is a Service', () => {
  it('stand in any namespace: the mesh needs no ReferenceGrant (GEP-1294, "Namespace boundaries")', () => {
    const resource = route('r', ['reviews'], [to('far/away')]);
    const mesh = new TestMesh(...shop, resource);
    expect(seen(mesh)).toEqual(['/ away.far.svc.cluster.local|80:1']);
    expect(mesh.remarks(resource)).toEqual([]);
  });

  it('what is not there, or has not the port, or is no backend, refuses its share with 500, and says so', () => {
    const resource = route(
      'r',
      ['reviews'],
      [
        {
          backendRefs: [
            { name: 'v1', port: 80, weight: 3 },
            { name: 'nope', port: 80 },
            { name: 'v2', port: 99 },
            { group: 'apps', kind: 'Deployment', name: 'v1', port: 80 },
          ],
        },
      ],
    );
    const mesh = new TestMesh(...shop, resource);
    const [only] = mesh.routes('reviews.default');
    const destinations = only?.action.kind === 'forward' ? only.action.destinations : [];
    expect(destinations.map(({ weight, refusesWith }) => [weight, refusesWith])).toEqual([
      [3, undefined],
      [1, 500],
      [1, 500],
      [1, 500],
    ]);
    const known = new Set(mesh.sidecar().clusters.map(({ name }) => name));
    expect(
      destinations.filter(({ refusesWith }) => refusesWith !== undefined).some(({ cluster }) => known.has(cluster)),
    ).toBe(false);
    expect(mesh.remarks(resource)).toEqual([
      'invalid: spec.rules[0].backendRefs[1]: there is no Service default/nope; this share of requests gets 500',
      'invalid: spec.rules[0].backendRefs[2]: the service v2.default.svc.cluster.local has no TCP port 99; this share of requests gets 500',
      'invalid: spec.rules[0].backendRefs[3]: Deployment of apps cannot be a backend; this share of requests gets 500',
    ]);
  });

  it('a rule that is left without any backend answers 500, and UNAVAILABLE to gRPC', () => {
    const rules = [
      at('/none'),
      { ...at('/zero'), backendRefs: [{ name: 'v1', port: 80, weight: 0 }] },
      at('/nope', 'nope'),
    ];
    expect(seen(new TestMesh(...shop, route('r', ['reviews'], rules)))).toEqual([
      '/none 500',
      '/zero 500',
      '/nope 500',
    ]);
    const grpc = route('g', ['reviews'], [to('nope')], { kind: 'GRPCRoute' });
    expect(seen(new TestMesh(...shop, grpc))).toEqual(['* 503']);
  });

  it('a host of the mesh may be a backend by its name (Istio, kind Hostname)', () => {
    const entry = serviceEntry('outer', {
      hosts: ['api.example.com'],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'DNS',
    });
    const backendRefs = [{ group: 'networking.istio.io', kind: 'Hostname', name: 'api.example.com', port: 80 }];
    const mesh = new TestMesh(...shop, entry, route('r', ['reviews'], [{ backendRefs }]));
    expect(seen(mesh)).toEqual(['/ api.example.com|80:1']);
  });

  it('follow the DestinationRule that the client sees', () => {
    const rule = destinationRule('far/v1', {
      host: 'v1.default.svc.cluster.local',
      trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } },
    });
    const mesh = new TestMesh(...shop, rule, route('r', ['reviews'], [to('v1')]));
    const hashes = (namespace: string) => {
      const [only] = mesh.routes('reviews.default', mesh.sidecar(namespace));
      return only?.action.kind === 'forward' ? only.action.hashPolicies : undefined;
    };
    expect(hashes('far')).toEqual([{ kind: 'header', name: 'x-user' }]);
    expect(hashes('default')).toBeUndefined();
  });
});

describe('routes of bytes whose parent is a Service', () => {
  const mysql = service('mysql', [{ name: 'tcp', port: 3306 }], { spec: { clusterIP: '10.96.1.1' } });
  const replica = service('replica', [{ name: 'tcp', port: 3306 }], { spec: { clusterIP: '10.96.1.2' } });
  const tcp = (name: string, rules: readonly object[]) => route(name, ['mysql'], rules, { kind: 'TCPRoute' });
  const listener = (mesh: TestMesh, address: string) =>
    mesh.sidecar().tcpListeners.find((one) => one.address === address);

  it('TCPRoute rules.backendRefs divide the connections to its address', () => {
    const backendRefs = [
      { name: 'mysql', port: 3306, weight: 9 },
      { name: 'replica', port: 3306 },
    ];
    const mesh = new TestMesh(mysql, replica, tcp('r', [{ backendRefs }]));
    expect(listener(mesh, '10.96.1.1')?.destinations).toEqual([
      { cluster: 'outbound|3306||mysql.default.svc.cluster.local', weight: 9 },
      { cluster: 'outbound|3306||replica.default.svc.cluster.local', weight: 1 },
    ]);
    expect(listener(mesh, '10.96.1.2')?.destinations).toHaveLength(1);
  });

  it('a refused backend has its share of connections closed', () => {
    const backendRefs = [
      { name: 'mysql', port: 3306 },
      { name: 'nope', port: 3306 },
    ];
    const resource = tcp('r', [{ backendRefs }]);
    const mesh = new TestMesh(mysql, resource);
    expect(listener(mesh, '10.96.1.1')?.destinations.map(({ refusesWith }) => refusesWith)).toEqual([undefined, 500]);
    expect(mesh.remarks(resource)).toEqual([
      'invalid: spec.rules[0].backendRefs[1]: there is no Service default/nope; this share of connections is closed',
    ]);
  });

  it('TLSRoute leads the connections of a port of TLS elsewhere', () => {
    const db = service('db', [{ name: 'tls', port: 443 }], { spec: { clusterIP: '10.96.1.3' } });
    const other = service('other', [{ name: 'tls', port: 443 }], { spec: { clusterIP: '10.96.1.4' } });
    const tls = route('r', ['db'], [{ backendRefs: [{ name: 'other', port: 443 }] }], { kind: 'TLSRoute' });
    const mesh = new TestMesh(db, other, tls);
    expect(mesh.remarks(tls)).toEqual([]);
    expect(listener(mesh, '10.96.1.3')?.destinations.map(({ cluster }) => cluster)).toEqual([
      'outbound|443||other.default.svc.cluster.local',
    ]);
  });
});

describe('TrafficPolicies for routes', () => {
  const policy = (targetRefs: readonly object[]): Resource => ({
    apiVersion: 'meshwise.dev/v1alpha1',
    kind: 'TrafficPolicy',
    metadata: { name: 'p', namespace: 'default' },
    spec: { targetRefs, rateLimit: { local: { requests: 5, per: '1s' } }, deadline: '1s' },
  });
  const rules = [
    { name: 'one', ...at('/one', 'v1') },
    { name: 'two', ...at('/two', 'v1') },
  ];

  it('TrafficPolicy targetRefs: a policy for an HTTPRoute holds for all of its rules, or for the one that it names', () => {
    const mesh = new TestMesh(...shop, route('r', ['reviews'], rules), policy([{ kind: 'HTTPRoute', name: 'r' }]));
    const tokens = () => mesh.routes('reviews.default').map(({ limits }) => limits?.local?.tokens);
    expect(tokens()).toEqual([5, 5]);
    mesh.apply(policy([{ kind: 'HTTPRoute', name: 'r', sectionName: 'two' }]));
    expect(tokens()).toEqual([undefined, 5]);
  });

  it('a policy for a GRPCRoute is for no HTTPRoute of its name', () => {
    const grpc = policy([{ kind: 'GRPCRoute', name: 'r' }]);
    const mesh = new TestMesh(...shop, route('r', ['reviews'], rules), grpc);
    expect(mesh.routes('reviews.default').map(({ limits }) => limits?.local)).toEqual([undefined, undefined]);
    expect(mesh.remarks(grpc)).toEqual(['invalid: spec.targetRefs[0]: there is no GRPCRoute default/r']);
  });

  it('the deadline of the service that a rule leads to holds for the rule', () => {
    const mesh = new TestMesh(...shop, route('r', ['reviews'], rules), policy([{ kind: 'Service', name: 'v1' }]));
    expect(mesh.routes('reviews.default').map(({ limits }) => limits?.deadline?.budgetMs)).toEqual([1_000, 1_000]);
  });
});
