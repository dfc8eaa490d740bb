import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { service, serviceEntry, sidecar, sidecarResource, workload } from '../testing/resources.ts';
import { at, created, HTTP, route, seen, shop, to, ways } from '../testing/service-routes.ts';

describe('routes of the Gateway API whose parent is a Service (GEP-1294)', () => {
  it('HTTPRoute parentRefs: a route beside its service takes the place of the plain way to it, for all clients', () => {
    const mesh = new TestMesh(...shop, route('r', ['reviews'], [to('v1')]));
    expect(seen(mesh)).toEqual(['/ v1|80:1']);
    expect(seen(mesh, 'elsewhere')).toEqual(['/ v1|80:1']);
    expect(seen(mesh, 'default', 'v1')).toEqual(['* v1|80:100']);
  });

  it('a route in another namespace is for the clients there, and for nobody else', () => {
    const mesh = new TestMesh(...shop, route('far/r', ['default/reviews'], [to('away')]));
    expect(seen(mesh, 'far')).toEqual(['/ away.far.svc.cluster.local|80:1']);
    expect(seen(mesh)).toEqual(['* reviews|80:100']);
    expect(seen(mesh, 'elsewhere')).toEqual(['* reviews|80:100']);
  });

  it('clients with routes of their own do not follow those of the service, not even where theirs say nothing', () => {
    const consumer = route('far/r', ['default/reviews'], [at('/own', 'default/v2')]);
    const mesh = new TestMesh(...shop, route('r', ['reviews'], [at('/all', 'v1')]), consumer);
    expect(seen(mesh, 'far')).toEqual(['/own v2|80:1']);
    expect(seen(mesh)).toEqual(['/all v1|80:1']);
  });

  it('HTTPRoute parentRefs.port and sectionName narrow a route to one port of the service', () => {
    const two = service('reviews', [HTTP, { name: 'http-admin', port: 81 }]);
    const mesh = new TestMesh(...shop, two, route('r', ['reviews:81'], [to('v1')]));
    const plan = mesh.sidecar();
    expect(ways(mesh.routes('reviews.default.svc.cluster.local:80', plan))).toEqual(['* reviews|80:100']);
    expect(ways(mesh.routes('reviews.default.svc.cluster.local:81', plan))).toEqual(['/ v1|80:1']);
    const bySection = { parentRefs: [{ group: '', kind: 'Service', name: 'reviews', sectionName: 'http' }] };
    mesh.apply(route('r', [], [], { spec: { ...bySection, rules: [to('v2')] } }));
    expect(ways(mesh.routes('reviews.default.svc.cluster.local:80'))).toEqual(['/ v2|80:1']);
    expect(ways(mesh.routes('reviews.default.svc.cluster.local:81'))).toEqual(['* reviews|81:100']);
  });

  it('rules of several routes are merged by how specific they are, then by the age of their routes', () => {
    const young = created(route('a', ['reviews'], [at('/', 'v2'), at('/x/y', 'v2')]), 2);
    const old = created(route('b', ['reviews'], [at('/', 'v1'), at('/x', 'v1')]), 1);
    const mesh = new TestMesh(...shop, young, old);
    // What stands behind a rule for everything is never reached.
    expect(seen(mesh)).toEqual(['/x/y v2|80:1', '/x v1|80:1', '/ v1|80:1']);
    expect(seen(mesh.delete(old))).toEqual(['/x/y v2|80:1', '/ v2|80:1']);
  });

  it('requests that no rule takes get 404: the plain way is not open to them', () => {
    const mesh = new TestMesh(...shop, route('r', ['reviews'], [at('/v1', 'v1')]));
    expect(seen(mesh)).toEqual(['/v1 v1|80:1']);
  });

  it('of two kinds at one port GRPCRoute goes before HTTPRoute, which says so', () => {
    const http = created(route('h', ['reviews'], [to('v1')]), 1);
    const grpc = created(route('g', ['reviews'], [to('v2')], { kind: 'GRPCRoute' }), 2);
    const mesh = new TestMesh(...shop, http, grpc);
    expect(seen(mesh)).toEqual(['* v2|80:1']);
    expect(mesh.remarks(grpc)).toEqual([]);
    expect(mesh.remarks(http)).toEqual([
      'invalid: spec.parentRefs[0]: GRPCRoute default/g is attached to Service default/reviews, and a GRPCRoute goes before a HTTPRoute',
    ]);
  });

  it('says why a route is attached to nothing', () => {
    const headless = service('none', [HTTP], { spec: { clusterIP: 'None' } });
    const bytes = service('bytes', [{ name: 'tcp', port: 80 }]);
    const lost = route('r', ['nope', 'reviews:99', 'none', 'bytes'], [to('v1')]);
    expect(new TestMesh(...shop, headless, bytes, lost).remarks(lost)).toEqual([
      'invalid: spec.parentRefs[0]: there is no Service default/nope',
      'invalid: spec.parentRefs[1]: Service default/reviews has no TCP port 99',
      'invalid: spec.parentRefs[2]: Service default/none is headless, and has no address that stands for it',
      'invalid: spec.parentRefs[3]: Service default/bytes speaks tcp, which no HTTPRoute is for',
    ]);
  });

  it('follows a route that is attached to a ServiceEntry', () => {
    const entry = serviceEntry('outer', {
      hosts: ['api.example.com'],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'DNS',
    });
    const parentRefs = [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'outer' }];
    const mesh = new TestMesh(...shop, entry, route('r', [], [], { spec: { parentRefs, rules: [to('v1')] } }));
    expect(ways(mesh.routes('api.example.com:80'))).toEqual(['/ v1|80:1']);
  });

  it('a client whose Sidecar imports the service reaches its backends, too', () => {
    const scoping = sidecarResource('default', { egress: [{ hosts: ['./reviews.default.svc.cluster.local'] }] });
    const mesh = new TestMesh(...shop, scoping, route('r', ['reviews'], [to('v1')]));
    const proxy = sidecar(workload('client', { app: 'client' }));
    mesh.model.setProxy(proxy);
    const plan = mesh.model.outbound(mesh.model.scopeOf(proxy.id));
    expect(plan.clusters.map(({ host }) => host)).toEqual([
      'reviews.default.svc.cluster.local',
      'v1.default.svc.cluster.local',
    ]);
    expect(seen(mesh)).toEqual(['/ v1|80:1']);
  });
});

describe('the address of a service with routes (GEP-1294, "the destination address is that of the Service")', () => {
  const port80 = (mesh: TestMesh) => mesh.sidecar().httpPorts.find(({ port }) => port === 80);

  it('says which service is meant; no other service is known by its address', () => {
    const mesh = new TestMesh(...shop, route('r', ['reviews'], [to('v1')]));
    expect(port80(mesh)?.byAddress?.map(({ addresses, virtualHost }) => [addresses, virtualHost.name])).toEqual([
      [['10.96.0.1'], 'reviews.default.svc.cluster.local:80'],
    ]);
    expect(port80(mesh)?.byAddress?.[0]?.virtualHost).toBe(mesh.virtualHost('reviews.default'));
    expect(port80(new TestMesh(...shop))).not.toHaveProperty('byAddress');
  });

  it('belongs to the first of several services that have it', () => {
    const twin = service('twin', [HTTP], { spec: { clusterIP: '10.96.0.1' } });
    const routes = [route('r', ['reviews'], [to('v1')]), route('t', ['twin'], [to('v2')])];
    expect(port80(new TestMesh(...shop, twin, ...routes))?.byAddress).toHaveLength(1);
  });

  it('is not asked where no protocol is declared: such a port has a listener of its own', () => {
    const plain = service('reviews', [{ port: 80 }], { spec: { clusterIP: '10.96.0.1' } });
    const mesh = new TestMesh(...shop, plain, route('r', ['reviews'], [to('v1')]));
    const listener = mesh.sidecar().tcpListeners.find(({ address }) => address === '10.96.0.1');
    expect(ways(listener?.detected?.virtualHosts[0]?.routes ?? [])).toEqual(['/ v1|80:1']);
    expect(port80(mesh)).not.toHaveProperty('byAddress');
  });
});

describe('a change of one route', () => {
  it('makes nothing anew but the service it is attached to', () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      service(`s${index}`, [HTTP], { spec: { clusterIP: `10.97.0.${index + 1}` } }),
    );
    const routes = many.map((one) => route(one.metadata.name, [one.metadata.name], [to('v1')]));
    const mesh = new TestMesh(...shop, ...many, ...routes);
    const before = mesh.sidecar();
    const hosts = (plan = mesh.sidecar()) => plan.httpPorts.flatMap(({ virtualHosts }) => virtualHosts);
    mesh.apply(route('s7', ['s7'], [to('v2')]));
    const old = new Set(hosts(before));
    const changed = hosts().filter((one) => !old.has(one));
    expect(changed.map(({ name }) => name)).toEqual(['s7.default.svc.cluster.local:80']);
    expect(mesh.sidecar().clusters).toBe(before.clusters);
    expect(mesh.sidecar().endpoints).toBe(before.endpoints);
  });

  it('costs the same in a mesh of ten times the size', () => {
    const computed = (size: number) => {
      const many = Array.from({ length: size }, (_, index) =>
        service(`s${index}`, [HTTP], { spec: { clusterIP: `10.97.${Math.floor(index / 200)}.${(index % 200) + 1}` } }),
      );
      const mesh = new TestMesh(
        ...shop,
        ...many,
        ...many.map((one) => route(one.metadata.name, [one.metadata.name], [to('v1')])),
      );
      mesh.sidecar();
      const { computed: before } = mesh.model.statistics();
      mesh.apply(route('s7', ['s7'], [to('v2')]));
      mesh.sidecar();
      return mesh.model.statistics().computed - before;
    };
    expect(computed(200)).toBe(computed(20));
  });
});
