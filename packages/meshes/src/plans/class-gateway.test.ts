import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import {
  answers,
  classGateway,
  gatewayClass,
  gatewayOf,
  grpcRoute,
  httpRoute,
  listener,
  namespace,
  planOf,
  proxyOf,
  referenceGrant,
  rule,
} from '../testing/class-gateway.ts';
import { TestMesh } from '../testing/mesh.ts';
import { age, gatewayProxy, gatewayResource, service, virtualService } from '../testing/resources.ts';

const base = ['a', 'b', 'c'].map((name) => service(name, [{ name: 'http', port: 80 }]));
const proxy = proxyOf('gw');
const meshOf = (...resources: readonly Resource[]) => new TestMesh(gatewayClass(), ...base, ...resources);
const parents = (...names: readonly (string | object)[]) => ({
  parentRefs: names.map((name) => (typeof name === 'string' ? { name } : name)),
});
const route = (name: string, hostnames: readonly string[], more: object = {}, meta: object = {}) =>
  httpRoute(name, { ...parents('gw'), hostnames, rules: [rule('a', 80)], ...more }, meta);

describe('001-77 whom a Gateway of the Gateway API is for', () => {
  const shop = route('shop', []);

  it('is the proxy that is run for it, in its namespace, and no other', () => {
    const mesh = meshOf(gatewayOf('gw', listener('http', 80)), shop);
    expect(answers(mesh, proxy)).toEqual({ '*:80': ['/ a|80:1'] });
    expect(answers(mesh, proxyOf('gw', 'other'))).toEqual({});
    expect(answers(mesh, proxyOf('other'))).toEqual({});
    expect(answers(mesh, gatewayProxy('istio-system', { istio: 'ingressgateway' }))).toEqual({});
  });

  it.each([
    ['istio', 'istio.io/gateway-controller', 1],
    ['someone', 'example.com/controller', 0],
  ])('is ours by the controller of the class %s', (name, controller, count) => {
    const gateway = classGateway('gw', { gatewayClassName: name, listeners: [listener('http', 80)] });
    const mesh = meshOf(gatewayClass(name, controller), gateway, shop);
    expect(planOf(mesh, proxy).servers).toHaveLength(count);
  });

  it('is the gateway behind the Service that spec.addresses names, beside Gateways of Istio', () => {
    const labels = { istio: 'ingressgateway' };
    const ingress = service('istio-system/ingress', [{ name: 'http', port: 80 }], { selector: labels });
    const gateway = classGateway('gw', {
      gatewayClassName: 'meshwise',
      addresses: [{ type: 'Hostname', value: 'ingress.istio-system.svc.cluster.local' }],
      listeners: [listener('http', 80, { hostname: 'a.example.com' })],
    });
    const istio = gatewayResource('edge', {
      selector: labels,
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    });
    const virtual = virtualService('v', {
      hosts: ['b.example.com', 'a.example.com'],
      gateways: ['edge'],
      http: [{ directResponse: { status: 204 } }],
    });
    const mesh = meshOf(ingress, gateway, istio, virtual, shop);
    const shared = gatewayProxy('istio-system', labels);
    expect(answers(mesh, shared)).toEqual({ 'a.example.com:80': ['/ 204'], 'b.example.com:80': ['/ 204'] });
    expect(mesh.remarks(gateway).concat(mesh.remarks(shop)).join()).toContain('is taken already');
    mesh.delete(virtual);
    expect(answers(mesh, shared)).toEqual({ 'a.example.com:80': ['/ a|80:1'] });
    expect(answers(mesh, proxy)).toEqual({});
  });
});

describe('001-77 hostnames of listeners and routes', () => {
  it.each([
    ['*.example.com', ['a.example.com', 'example.org'], ['*.example.com:80', 'a.example.com:80']],
    ['a.example.com', ['*.example.com'], ['a.example.com:80']],
    ['*.example.com', ['*.b.example.com'], ['*.b.example.com:80', '*.example.com:80']],
    ['*.b.example.com', ['*.example.com'], ['*.b.example.com:80']],
    ['A.example.com', ['a.EXAMPLE.com'], ['a.example.com:80']],
    ['*.example.com', [], ['*.example.com:80']],
  ])('HTTPRoute hostnames: listener %s and route %j meet', (hostname, hostnames, expected) => {
    const mesh = meshOf(gatewayOf('gw', listener('http', 80, { hostname })), route('r', hostnames));
    expect(Object.keys(answers(mesh, proxy))).toEqual(expected);
  });

  it('Gateway listeners.hostname: the most specific listener has a request, also where no route takes it', () => {
    const mesh = meshOf(
      gatewayOf(
        'gw',
        listener('all', 80),
        listener('wide', 80, { hostname: '*.example.com' }),
        listener('narrow', 80, { hostname: 'foo.example.com' }),
      ),
      route('all', [], { ...parents({ name: 'gw', sectionName: 'all' }) }),
      route('wide', ['foo.example.com', 'bar.example.com'], { ...parents({ name: 'gw', sectionName: 'wide' }) }),
    );
    expect(answers(mesh, proxy)).toEqual({
      '*:80': ['/ a|80:1'],
      '*.example.com:80': [],
      'bar.example.com:80': ['/ a|80:1'],
      'foo.example.com:80': [],
    });
  });

  it('HTTPRoute hostnames: rules of the more specific host go first, and those of a wider one follow', () => {
    const mesh = meshOf(
      gatewayOf('gw', listener('http', 80)),
      route('wide', ['*.example.com'], { rules: [rule('a', 80, '/long/path')] }, age(1)),
      route('exact', ['x.example.com'], { rules: [rule('b', 80, '/long')] }, age(2)),
    );
    expect(answers(mesh, proxy)['x.example.com:80']).toEqual(['/long b|80:1', '/long/path a|80:1']);
    expect(answers(mesh, proxy)['*.example.com:80']).toEqual(['/long/path a|80:1']);
  });

  it('HTTPRoute rules.matches: rules of all routes for a host are in one order, whatever route is older', () => {
    const exact = { matches: [{ path: { type: 'Exact', value: '/x' } }], backendRefs: [{ name: 'c', port: 80 }] };
    const mesh = meshOf(
      gatewayOf('gw', listener('http', 80)),
      route('old', ['x.example.com'], { rules: [rule('a', 80, '/'), rule('a', 80, '/xy')] }, age(1)),
      route('new', ['x.example.com'], { rules: [rule('b', 80, '/xy/z'), exact, rule('b', 80, '/xy')] }, age(2)),
    );
    expect(answers(mesh, proxy)['x.example.com:80']).toEqual([
      '/x c|80:1',
      '/xy/z b|80:1',
      '/xy a|80:1',
      '/xy b|80:1',
      '/ a|80:1',
    ]);
  });

  it('GRPCRoute hostnames: where both kinds of HTTP name a host, the older route has it', () => {
    const grpc = grpcRoute(
      'g',
      { ...parents('gw'), hostnames: ['x.example.com'], rules: [{ backendRefs: [{ name: 'b', port: 80 }] }] },
      age(1),
    );
    const gateway = gatewayOf('gw', listener('http', 80));
    const late = meshOf(gateway, grpc, route('r', ['x.example.com', 'y.example.com'], {}, age(2)));
    expect(answers(late, proxy)).toEqual({ 'x.example.com:80': ['/ b|80:1'], 'y.example.com:80': ['/ a|80:1'] });
    const early = meshOf(gateway, grpc, route('r', ['x.example.com'], {}, age(0)));
    expect(answers(early, proxy)).toEqual({ 'x.example.com:80': ['/ a|80:1'] });
    expect(early.remarks(grpc).join()).toContain('older routes of the other kind');
    expect(late.remarks(grpc)).toEqual([]);
  });
});

describe('001-77 which routes a listener admits', () => {
  const elsewhere = route('team/r', [], { ...parents({ name: 'gw', namespace: 'default' }) });
  const backend = service('team/a', [{ name: 'http', port: 80 }]);
  it.each([
    [undefined, 0],
    [{ namespaces: { from: 'Same' } }, 0],
    [{ namespaces: { from: 'All' } }, 1],
    [{ namespaces: { from: 'None' } }, 0],
    [{ namespaces: { from: 'Selector', selector: { matchLabels: { team: 'x' } } } }, 1],
    [{ namespaces: { from: 'Selector', selector: { matchLabels: { team: 'y' } } } }, 0],
    [{ namespaces: { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'team' } } } }, 1],
    [{ namespaces: { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'prod' } } } }, 0],
    [{ namespaces: { from: 'Selector' } }, 0],
    [{ namespaces: { from: 'Selector', selector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] } } }, 1],
    [
      {
        namespaces: {
          from: 'Selector',
          selector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['x'] }] },
        },
      },
      0,
    ],
    [{ namespaces: { from: 'All' }, kinds: [{ kind: 'GRPCRoute' }] }, 0],
    [{ namespaces: { from: 'All' }, kinds: [{ kind: 'GRPCRoute' }, { kind: 'HTTPRoute' }] }, 1],
  ])('Gateway listeners.allowedRoutes %j', (allowedRoutes, count) => {
    const gateway = gatewayOf('gw', listener('http', 80, allowedRoutes === undefined ? {} : { allowedRoutes }));
    const mesh = meshOf(
      namespace('team', { team: 'x', 'kubernetes.io/metadata.name': 'prod' }),
      gateway,
      backend,
      elsewhere,
    );
    expect(Object.keys(answers(mesh, proxy))).toHaveLength(count);
    expect(mesh.remarks(elsewhere)).toHaveLength(count === 0 ? 1 : 0);
  });

  it('HTTPRoute parentRefs: sectionName and port narrow it to some listeners', () => {
    const gateway = gatewayOf('gw', listener('one', 80), listener('two', 81));
    const by = (reference: object) => Object.keys(answers(meshOf(gateway, route('r', [], parents(reference))), proxy));
    expect(by({ name: 'gw', sectionName: 'two' })).toEqual(['*:81']);
    expect(by({ name: 'gw', port: 80 })).toEqual(['*:80']);
    expect(by({ name: 'gw', sectionName: 'two', port: 80 })).toEqual([]);
    expect(by({ name: 'gw' })).toEqual(['*:80', '*:81']);
  });
});

describe('001-77 references to other namespaces', () => {
  const gateway = gatewayOf('gw', listener('http', 80));
  const far = service('far/x', [{ name: 'http', port: 80 }]);
  const crossing = route('r', [], { rules: [{ backendRefs: [{ name: 'x', namespace: 'far', port: 80 }] }] });
  const grant = referenceGrant('far/g', {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default' }],
    to: [{ group: '', kind: 'Service', name: 'x' }],
  });

  it('ReferenceGrant: a backend elsewhere is called when it is there and refused again when it goes', () => {
    const mesh = meshOf(gateway, far, crossing);
    expect(answers(mesh, proxy)).toEqual({ '*:80': ['/ 500'] });
    expect(mesh.remarks(crossing).join()).toContain('no ReferenceGrant in far');
    mesh.apply(grant);
    expect(answers(mesh, proxy)).toEqual({ '*:80': ['/ x.far.svc.cluster.local|80:1'] });
    expect(mesh.remarks(crossing)).toEqual([]);
    mesh.delete(grant);
    expect(answers(mesh, proxy)).toEqual({ '*:80': ['/ 500'] });
  });
});

describe('001-77 listeners that cannot be told apart', () => {
  it('Gateway listeners: none of those with one port and hostname is served, and the others are', () => {
    const gateway = gatewayOf(
      'gw',
      listener('one', 80, { hostname: 'a.example.com' }),
      listener('two', 80, { hostname: 'a.example.com' }),
      listener('three', 80, { hostname: 'b.example.com' }),
    );
    const mesh = meshOf(gateway, route('r', []));
    expect(Object.keys(answers(mesh, proxy))).toEqual(['b.example.com:80']);
    expect(mesh.remarks(gateway)).toHaveLength(2);
  });

  it('Gateway listeners.protocol: none of those is served whose port has several', () => {
    const gateway = gatewayOf('gw', listener('one', 80), { name: 'two', port: 80, protocol: 'TCP' });
    expect(planOf(meshOf(gateway, route('r', [])), proxy).servers).toEqual([]);
  });
});
