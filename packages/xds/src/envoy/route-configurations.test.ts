import type { HttpPortPlan, RoutePlan, VirtualHostPlan } from '@meshwise/model';
import { expect, test } from 'vitest';
import { NO_OUTSIDE } from './outside.ts';
import { gatewayRoutes, httpProxyRoutes, portRoutes as routesOf } from './route-configurations.ts';
import { jsonOf, valuesOf } from './testing/json-of.ts';
import { unknownPolicy } from './unknown-destinations.ts';
import { virtualHost } from './virtual-hosts.ts';

const origin = {
  resource: { group: 'networking.istio.io', kind: 'VirtualService', namespace: 'shop', name: 'reviews' },
  field: 'spec.http[0]',
};
const route: RoutePlan = {
  match: { headers: [], queryParameters: [] },
  action: { kind: 'forward', destinations: [{ cluster: 'a', weight: 1 }] },
  origin,
};
const host = (name: string, port: number, domains: readonly string[]): VirtualHostPlan => ({
  name: `${name}:${port}`,
  domains,
  routes: [route],
  origin,
});
const portPlan = (port: number, ...virtualHosts: readonly VirtualHostPlan[]): HttpPortPlan => ({ port, virtualHosts });

const portRoutes = (plan: HttpPortPlan) => routesOf(plan, unknownPolicy({}, NO_OUTSIDE));

test('a port has its own route configuration, whose virtual hosts are printed once', () => {
  const reviews = host('reviews', 9080, ['reviews', 'reviews:9080']);
  const printed = portRoutes(portPlan(9080, reviews));
  expect(printed.map(({ type }) => type)).toEqual(['RDS', 'VHDS']);
  const [routes, ...virtualHosts] = printed.map(jsonOf);
  expect(routes).toMatchObject({ name: '9080', vhds: { config_source: { ads: {} } } });
  expect(routes).not.toHaveProperty('virtual_hosts');
  expect(virtualHosts).toMatchObject([{ name: '9080/reviews:9080', domains: ['reviews', 'reviews:9080'] }]);
  expect(virtualHost(reviews)).toBe(virtualHost(reviews));
});

test('a change of one virtual host leaves everything else of its port the same objects', () => {
  const [reviews, ratings] = [host('reviews', 9080, ['reviews']), host('ratings', 9080, ['ratings'])];
  const before = portRoutes(portPlan(9080, reviews, ratings));
  const after = portRoutes(portPlan(9080, { ...reviews, domains: ['reviews.test'] }, ratings));
  expect(after.map((resource, index) => resource === before[index])).toEqual([true, false, true]);
  const proxied = (domain: string) => httpProxyRoutes([portPlan(9080, host('x', 9080, [domain]), ratings)]);
  expect(proxied('a').map((resource, index) => resource === proxied('b')[index])).toEqual([true, false, true]);
});

test('a port without virtual hosts has one that matches nothing anybody asks for', () => {
  expect(portRoutes(portPlan(80)).map(jsonOf)).toMatchObject([
    { name: '80' },
    { name: '80/blackhole:80', domains: ['*'] },
  ]);
});

test('a route without timeout has none, and says where it comes from', () => {
  const json = portRoutes(portPlan(9080, host('reviews', 9080, ['reviews']))).map(jsonOf);
  expect(valuesOf(json, 'timeout')).toEqual(['0s']);
  expect(valuesOf(json, 'filter_metadata')).toEqual([
    {
      istio: { config: '/apis/networking.istio.io/v1/namespaces/shop/virtual-service/reviews' },
      meshwise: { field: 'spec.http[0]' },
    },
  ]);
});

test('the explicit proxy tells services by host and port, and takes no port for 80', () => {
  const printed = httpProxyRoutes([
    portPlan(80, host('web', 80, ['web', 'web:80']), host('any', 80, ['*'])),
    portPlan(9080, host('web', 9080, ['web', 'web:9080', '*']), host('reviews', 9080, ['*.reviews'])),
  ]);
  expect(printed.map(jsonOf)).toMatchObject([
    { name: 'http_proxy' },
    { name: 'http_proxy/web:80', domains: ['web', 'web:80'] },
    { name: 'http_proxy/any:80', domains: ['*'] },
    { name: 'http_proxy/web:9080', domains: ['web:9080'] },
    { name: 'http_proxy/reviews:9080', domains: ['*.reviews:9080'] },
  ]);
});

test('a gateway does not look at the port in the host', () => {
  const [printed] = gatewayRoutes({ routeName: 'http.8080', virtualHosts: [] });
  expect(printed && jsonOf(printed)).toMatchObject({ name: 'http.8080', ignore_port_in_host_matching: true });
});
