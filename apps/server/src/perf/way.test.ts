import type { GatewayPlan } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { findWay, type WayFinder } from './way.ts';

const origin = { resource: { group: '', kind: 'VirtualService', namespace: 'shop', name: 'web' } };
const plan: GatewayPlan = {
  servers: [
    {
      ...{ port: 80, protocol: 'http', routeName: 'http.80', origin },
      virtualHosts: [
        {
          ...{ name: 'shop.example:80', domains: ['shop.example'], origin },
          routes: [
            {
              match: { headers: [], queryParameters: [] },
              action: {
                kind: 'forward',
                destinations: [{ cluster: 'outbound|80||web.shop.svc.cluster.local', weight: 1 }],
              },
              origin,
            },
          ],
        },
      ],
    },
  ],
};

function mesh(mode: 'netns' | 'loopback' = 'netns'): WayFinder {
  return {
    capture: { mode },
    proxies: { all: () => [{ descriptor: { role: 'gateway', id: 'g', namespace: 'istio-system', labels: {} } }] },
    model: { gateway: () => plan },
    gatewayPorts: { all: { 80: 8080 } },
  } as unknown as WayFinder;
}

const services: Resource[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { clusterIP: '10.96.0.9', ports: [{ name: 'http', port: 80 }] },
  },
];
const find = (target: string, from?: 'inside' | 'outside', mode?: 'netns' | 'loopback') =>
  findWay({ target, ...(from === undefined ? {} : { from }) }, mesh(mode), { services, endpointSlices: [] });

describe('the way of load', () => {
  it('is from this machine to a URL', () => {
    expect(find('http://127.0.0.1:8080/a')).toMatchObject({ from: 'outside', isMesh: false, words: [] });
  });

  it('is from a pod beside the service to its name, unless somebody says otherwise', () => {
    const way = find('web.shop/cart?id=1');
    expect(way).toMatchObject({ from: 'inside', host: undefined, isMesh: true, clientNamespace: 'shop' });
    expect(way.url.href).toBe('http://web.shop.svc.cluster.local/cart?id=1');
    expect(way.words.join()).toContain('as spiffe://cluster.local/ns/shop/sa/default');
  });

  it('is through the gateway from outside, under the name it knows the service by, in words', () => {
    const way = find('web.shop/cart?id=1', 'outside');
    expect(way).toMatchObject({ from: 'outside', host: 'shop.example' });
    expect(way.url.href).toBe('http://127.0.0.1:8080/cart?id=1');
    expect(way.words).toEqual([expect.stringContaining('through the gateway at http://127.0.0.1:8080')]);
  });

  it.each([
    ['http://web.shop/', true],
    ['http://10.96.0.9/', true],
    ['http://web/', false],
    ['http://example.org/', false],
  ])('to %s from inside is within the mesh or not, seen from its pod', (target, isMesh) => {
    expect(find(target, 'inside')).toMatchObject({ from: 'inside', isMesh, clientNamespace: 'default' });
  });

  it('has no inside where programs can go round their proxies, and says what to do', () => {
    expect(() => find('web.shop', undefined, 'loopback')).toThrow(/MW8001.*network namespaces/);
    expect(find('web.shop', 'outside', 'loopback').from).toBe('outside');
  });
});
