import type { GatewayPlan, HttpMatch, RoutePlan } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { wayThroughGateway } from './gateway-way.ts';

const origin = { resource: { group: '', kind: 'VirtualService', namespace: 'default', name: 'shop' } };
const web = { host: 'web.default.svc.cluster.local', port: 80 };

function route(
  match: Partial<HttpMatch>,
  cluster = 'outbound|80|v1|web.default.svc.cluster.local',
  weight = 1,
): RoutePlan {
  return {
    match: { headers: [], queryParameters: [], ...match },
    action: { kind: 'forward', destinations: [{ cluster, weight }] },
    origin,
  };
}

function gateway(domain: string, ...routes: readonly RoutePlan[]): GatewayPlan {
  const virtualHosts = [{ name: domain, domains: [domain], routes, origin }];
  return { servers: [{ port: 80, protocol: 'http', routeName: 'http.80', virtualHosts, origin }] };
}

const find = (plan: GatewayPlan, path = '/cart', hostPorts: Record<number, number> = { 80: 8080 }) =>
  wayThroughGateway([plan], hostPorts, web, path);

const elsewhere = 'outbound|80||other.default.svc.cluster.local';

describe('the way from outside to a service', () => {
  it.each([
    ['without a condition', {}],
    ['by prefix', { path: { prefix: '/ca' } }],
    ['by the whole path', { path: { exact: '/cart' } }],
    ['by a pattern', { path: { regex: '/c.*' } }],
    ['in any case', { path: { exact: '/CART', ignoreCase: true } }],
    ['for GET', { method: { exact: 'GET' } }],
  ])('leads through a gateway that routes the path there %s', (_how, match: Partial<HttpMatch>) => {
    expect(find(gateway('*', route(match)), '/cart?id=1')).toEqual({
      origin: 'http://127.0.0.1:8080',
      host: undefined,
    });
  });

  it.each([
    ['routes the path elsewhere first', gateway('*', route({}, elsewhere), route({}))],
    ['routes another path there', gateway('*', route({ path: { prefix: '/admin' } }))],
    ['wants a header', gateway('*', route({ headers: [{ name: 'x', match: { present: true } }] }))],
    ['takes another port of it', gateway('*', route({}, 'outbound|81||web.default.svc.cluster.local'))],
    ['gives it no weight', gateway('*', route({}, undefined, 0))],
    ['has a pattern that cannot be followed', gateway('*', route({ path: { regex: '(?P<a>' } }))],
  ])('does not lead through a gateway that %s', (_why, plan) => {
    expect(find(plan)).toBeUndefined();
  });

  it('needs a port of this machine', () => {
    expect(find(gateway('*', route({})), '/', {})).toBeUndefined();
  });

  it.each([
    ['shop.example', 'shop.example'],
    ['*.example', 'load.example'],
    ['shop.example:*', 'shop.example'],
  ])('has a host that %s takes', (domain, host) => {
    expect(find(gateway(domain, route({})))).toEqual({ origin: 'http://127.0.0.1:8080', host });
  });
});
