import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { age, gatewayProxy, gatewayResource, service, virtualService } from '../testing/resources.ts';

const proxy = gatewayProxy('istio-system', { istio: 'ingressgateway' });
const shop = service('shop', [{ name: 'http', port: 80 }]);
const server = (port: number, ...hosts: readonly string[]) => ({
  port: { number: port, name: `http-${port}`, protocol: 'HTTP' },
  hosts,
});
const gateway = (name: string, ...servers: readonly object[]) =>
  gatewayResource(name, { selector: { istio: 'ingressgateway' }, servers });
const routing = (
  name: string,
  hosts: readonly string[],
  status: number,
  more: object = {},
  match?: object,
  created = 0,
) =>
  virtualService(
    name,
    {
      hosts,
      gateways: ['gw'],
      http: [{ ...(match === undefined ? {} : { match: [match] }), directResponse: { status } }],
      ...more,
    },
    age(created),
  );
const hosts = (...resources: readonly Resource[]) => new TestMesh(shop, ...resources).gatewayRoutes(proxy);

describe('001-38 what a gateway serves', () => {
  it('is the hosts of routings bound to its servers, with the route name Istio gives the port', () => {
    const mesh = new TestMesh(gateway('gw', server(8080, '*')), routing('front', ['*', 'shop.example.com'], 201));
    mesh.model.setProxy(proxy);
    expect(mesh.model.gateway(proxy.id).servers).toMatchObject([
      {
        port: 8080,
        routeName: 'http.8080',
        virtualHosts: [
          { name: '*:8080', domains: ['*'] },
          { name: 'shop.example.com:8080', domains: ['shop.example.com', 'shop.example.com:*'] },
        ],
      },
    ]);
  });

  it('is nothing on a server to which no routing is bound', () => {
    const mesh = new TestMesh(gateway('gw', server(80, '*')), routing('other', ['*'], 200, { gateways: ['another'] }));
    mesh.model.setProxy(proxy);
    expect(mesh.model.gateway(proxy.id).servers).toMatchObject([{ port: 80, virtualHosts: [] }]);
  });

  it('Gateway selector: it comes from resources of any namespace whose selector matches, or that have none', () => {
    const elsewhere = gatewayResource('shop/gw', { selector: { istio: 'other' }, servers: [server(80, '*')] });
    expect(hosts(elsewhere, routing('shop/front', ['*'], 200))).toEqual({});
    const all = gatewayResource('shop/gw', { servers: [server(80, '*')] });
    expect(hosts(all, routing('shop/front', ['*'], 200))).toEqual({ '*:80': ['200'] });
  });

  it('binds by namespace and name, a bare name meaning one beside the routing', () => {
    const far = routing('shop/front', ['a.example.com'], 200, { gateways: ['default/gw'] });
    const near = routing('shop/near', ['b.example.com'], 200);
    expect(hosts(gateway('gw', server(80, '*')), far, near)).toEqual({ 'a.example.com:80': ['200'] });
  });

  it.each([
    ['*.example.com', ['a.example.com', 'example.org'], ['a.example.com:80']],
    ['a.example.com', ['*.example.com'], ['a.example.com:80']],
    ['a.example.com', ['*'], ['a.example.com:80']],
    ['shop/*', ['a.example.com'], []],
    ['default/*', ['a.example.com'], ['a.example.com:80']],
    ['./a.example.com', ['a.example.com'], ['a.example.com:80']],
    ['*/a.example.com', ['a.example.com'], ['a.example.com:80']],
  ])('serves where server host %s and routing hosts %j meet', (serverHost, routingHosts, expected) => {
    expect(Object.keys(hosts(gateway('gw', server(80, serverHost)), routing('front', routingHosts, 200)))).toEqual(
      expected,
    );
  });

  it('merges routings for one host, oldest first and catch-alls last', () => {
    const uri = (exact: string) => ({ uri: { exact } });
    const result = hosts(
      gateway('gw', server(80, '*')),
      routing('c', ['a.b'], 203, {}, uri('/c'), 3),
      routing('a', ['a.b'], 201, {}, undefined, 1),
      routing('b', ['a.b'], 202, {}, uri('/b'), 2),
    );
    expect(result).toEqual({ 'a.b:80': ['202', '203', '201'] });
  });

  it('keeps ports of several Gateways together and ports apart', () => {
    const result = hosts(
      gateway('gw', server(80, 'a.b'), server(81, 'c.d')),
      gateway('gw2', server(80, 'e.f')),
      routing('front', ['a.b', 'c.d', 'e.f'], 200, { gateways: ['gw', 'gw2'] }),
    );
    expect(Object.keys(result)).toEqual(['a.b:80', 'e.f:80', 'c.d:81']);
  });

  it('takes only rules for this gateway and port', () => {
    const rules = [
      { match: [{ gateways: ['other'] }], directResponse: { status: 201 } },
      { match: [{ gateways: ['gw'], port: 81 }], directResponse: { status: 202 } },
      { match: [{ gateways: ['default/gw'] }], directResponse: { status: 203 } },
    ];
    expect(hosts(gateway('gw', server(80, '*')), routing('front', ['*'], 0, { http: rules }))).toEqual({
      '*:80': ['203'],
    });
  });

  it('does not follow routings that are not exported to its namespace', () => {
    expect(hosts(gateway('gw', server(80, '*')), routing('front', ['*'], 200, { exportTo: ['.'] }))).toEqual({});
  });

  it('forwards to clusters of its scope, also to what is missing', () => {
    const split = [
      {
        route: [
          { destination: { host: 'shop' }, weight: 90 },
          { destination: { host: 'gone' }, weight: 10 },
        ],
      },
    ];
    const mesh = new TestMesh(shop, gateway('gw', server(8080, '*')), routing('front', ['*'], 0, { http: split }));
    expect(mesh.gatewayRoutes(proxy)).toEqual({ '*:8080': ['shop|80:90 gone|8080:10'] });
    const plan = mesh.model.outbound(mesh.model.scopeOf(proxy.id));
    expect(plan).toMatchObject({ scope: 'gateway/istio-system', httpPorts: [], tcpListeners: [] });
    expect(plan.clusters.map(({ name }) => name)).toEqual([
      'outbound|80||shop.default.svc.cluster.local',
      'outbound|8080||gone.default.svc.cluster.local',
    ]);
  });

  it('is nothing for proxies that are no gateways', () => {
    const mesh = new TestMesh(gateway('gw', server(80, '*')), routing('front', ['*'], 200));
    expect(mesh.gatewayRoutes({ ...proxy, role: 'sidecar' })).toEqual({});
  });
});
