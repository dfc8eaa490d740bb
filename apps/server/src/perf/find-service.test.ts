import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { findService, serviceOfHost } from './find-service.ts';
import { parseTarget } from './target.ts';

function service(name: string, namespace: string, ports: readonly object[]): Resource {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { clusterIP: '10.96.0.9', ports } };
}

const shop = service('shop', 'default', [
  { name: 'tcp-db', port: 3306 },
  { name: 'http-web', port: 80, targetPort: 'web' },
  { name: 'grpc', port: 90 },
]);
const resources = {
  services: [shop, service('dns', 'system', [{ port: 53, protocol: 'UDP' }])],
  endpointSlices: [
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'shop-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'shop' } },
      addressType: 'IPv4',
      ports: [
        { name: 'http-web', port: 8080 },
        { name: 'grpc', port: 9090 },
      ],
      endpoints: [
        { addresses: ['10.244.0.5'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'shop-a' } },
        { addresses: ['10.244.0.6'], conditions: { ready: false }, targetRef: { kind: 'Pod', name: 'shop-b' } },
        { addresses: ['10.244.0.7'], conditions: { ready: true, terminating: true }, targetRef: { name: 'shop-c' } },
        { addresses: ['192.0.2.1'], conditions: { ready: true } },
      ],
    },
  ] as Resource[],
};

function find(text: string) {
  const target = parseTarget(text);
  if (target.kind === 'url') throw new Error(`${text} is a URL`);
  return findService(resources, target, 'cluster.local');
}

describe('a service that is named as a target', () => {
  it('is found with its first port for HTTP and the pods that are ready, on the port of their program', () => {
    expect(find('shop/cart')).toEqual({
      namespace: 'default',
      name: 'shop',
      host: 'shop.default.svc.cluster.local',
      port: 80,
      pods: [{ namespace: 'default', name: 'shop-a', ip: '10.244.0.5', port: 8080 }],
    });
  });

  it('is found by number or name of a port', () => {
    expect([find('shop:90').port, find('shop:grpc').port, find('shop:tcp-db').port]).toEqual([90, 90, 3306]);
    expect(find('shop:90').pods).toMatchObject([{ port: 9090 }]);
    expect(find('shop:3306').pods).toEqual([]);
  });

  it.each([
    ['shoo', 'there is no service shoo in namespace default', 'dns.system, shop.default'],
    ['shop.system', 'there is no service shop in namespace system', 'dns.system, shop.default'],
    ['shop:81', 'service shop.default has no TCP port 81', '3306 (tcp-db), 80 (http-web), 90 (grpc)'],
    ['dns.system', 'service dns.system has no TCP port', undefined],
  ])('is not found as %s, and what there is, is named', (text, summary, expected) => {
    expect(() => find(text)).toThrow(
      expect.objectContaining({ code: 'MW8002', summary, details: expect.objectContaining({ expected }) }),
    );
  });

  it('is told from a server on this machine', () => {
    expect(() => find('localhost:8080')).toThrow(
      expect.objectContaining({ advice: 'For a server on this machine write http://localhost:8080/.' }),
    );
  });
});

describe('the host of a URL', () => {
  it.each(['shop', 'shop.default', 'shop.default.svc', 'shop.default.svc.cluster.local'])(
    '%s is a service, seen from its namespace',
    (host) => {
      expect(serviceOfHost(resources, host, 'default', 'cluster.local')).toBe(shop);
    },
  );

  it.each([
    ['shop', 'system'],
    ['shop.example', 'default'],
    ['example.org', 'default'],
  ])('%s is none, seen from namespace %s', (host, from) => {
    expect(serviceOfHost(resources, host, from, 'cluster.local')).toBeUndefined();
  });
});
