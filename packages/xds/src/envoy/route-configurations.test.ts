import type { HttpPortPlan, RoutePlan, VirtualHostPlan } from '@meshwise/model';
import { expect, test } from 'vitest';
import { gatewayRoutes, httpProxyRoutes, portRoutes } from './route-configurations.ts';
import { jsonOf, valuesOf } from './testing/json-of.ts';
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

test('a port has its own route configuration, whose virtual hosts are printed once', () => {
  const reviews = host('reviews', 9080, ['reviews', 'reviews:9080']);
  const printed = portRoutes(portPlan(9080, reviews));
  expect(printed).toMatchObject({ type: 'RDS', name: '9080' });
  expect(virtualHost(reviews)).toBe(virtualHost(reviews));
  expect(jsonOf(printed)).toMatchObject({
    virtual_hosts: [{ name: 'reviews:9080', domains: ['reviews', 'reviews:9080'] }],
  });
});

test('a route without timeout has none, and says where it comes from', () => {
  const json = jsonOf(portRoutes(portPlan(9080, host('reviews', 9080, ['reviews']))));
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
  expect(jsonOf(printed)).toMatchObject({
    name: 'http_proxy',
    virtual_hosts: [
      { name: 'web:80', domains: ['web', 'web:80'] },
      { name: 'any:80', domains: ['*'] },
      { name: 'web:9080', domains: ['web:9080'] },
      { name: 'reviews:9080', domains: ['*.reviews:9080'] },
    ],
  });
});

test('a gateway does not look at the port in the host', () => {
  const printed = gatewayRoutes({ port: 8080, protocol: 'http', routeName: 'http.8080', virtualHosts: [], origin });
  expect(jsonOf(printed)).toMatchObject({ name: 'http.8080', ignore_port_in_host_matching: true });
});
