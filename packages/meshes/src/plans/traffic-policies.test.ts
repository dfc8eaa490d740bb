import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import {
  age,
  gatewayProxy,
  gatewayResource,
  pod,
  service,
  sidecar,
  slice,
  virtualService,
  workload,
} from '../testing/resources.ts';

function policy(name: string, spec: object, created = 0): Resource {
  return {
    apiVersion: 'meshwise.dev/v1alpha1',
    kind: 'TrafficPolicy',
    metadata: { name, namespace: 'default', ...age(created) },
    spec: { targetRefs: [{ kind: 'Service', name: 'reviews' }], ...spec },
  };
}

const reviews = [
  service('reviews', [{ name: 'http', port: 9080 }]),
  pod('reviews-1', { app: 'reviews' }),
  slice('reviews', { name: 'http', port: 9080 }, [{ ip: '10.244.0.11', pod: 'reviews-1' }]),
];
const server = sidecar(workload('reviews-1', { app: 'reviews' }));
const local = { rateLimit: { local: { requests: 5, per: '1s' } } };

function inbound(mesh: TestMesh) {
  mesh.model.setProxy(server);
  return mesh.model.inbound(server.id)[0]?.ports.find(({ port }) => port === 9080);
}

const cluster = (mesh: TestMesh) => mesh.sidecar().clusters.find(({ host }) => host.startsWith('reviews'));

describe('where TrafficPolicies hold (004-20 to 004-22)', () => {
  it('TrafficPolicy rateLimit.local, bulkhead, healthCheck and retryBudget: the first two at the server, the others at its clients', () => {
    const mesh = new TestMesh(
      ...reviews,
      policy('p', {
        ...local,
        bulkhead: { maxRequests: 3 },
        healthCheck: { tcp: {} },
        retryBudget: { percent: 10, minConcurrency: 1 },
      }),
    );
    expect(inbound(mesh)).toMatchObject({ localRateLimit: { tokens: 5 }, connectionPool: { maxRequests: 3 } });
    expect(cluster(mesh)).toMatchObject({
      healthCheck: { kind: 'tcp' },
      connectionPool: { retryBudget: { percent: 10, minConcurrency: 1 } },
    });
    expect(mesh.routes('reviews')[0]?.limits).toBeUndefined();
  });

  it('TrafficPolicy deadline is at the clients of the service, and at gateways that lead to it', () => {
    const mesh = new TestMesh(...reviews, policy('p', { deadline: '600ms' }));
    expect(mesh.routes('reviews')[0]?.limits?.deadline).toMatchObject({ budgetMs: 600 });
    expect(mesh.sidecar().functions).toEqual({ deadlines: true });
    expect(new TestMesh(...reviews).sidecar().functions).toBeUndefined();
  });

  it('in a mesh with deadlines a route with a timeout looks at them too', () => {
    const timed = virtualService('reviews', {
      hosts: ['reviews'],
      http: [{ timeout: '2s', route: [{ destination: { host: 'reviews' } }] }],
    });
    const other = policy('p', { targetRefs: [{ kind: 'Service', name: 'other' }], deadline: '600ms' });
    const mesh = new TestMesh(...reviews, service('other', [{ name: 'http', port: 80 }]), timed, other);
    expect(mesh.routes('reviews')[0]?.limits?.deadline).not.toHaveProperty('budgetMs');
    expect(mesh.delete(other).routes('reviews')[0]?.limits).toBeUndefined();
  });

  it('of several the oldest decides a function, and one for a section is nearer than one for the whole', () => {
    const young = policy('young', { rateLimit: { local: { requests: 9, per: '1s' } }, deadline: '1s' }, 2);
    const old = policy('old', local, 1);
    const mesh = new TestMesh(...reviews, old, young);
    expect(inbound(mesh)?.localRateLimit?.tokens).toBe(5);
    expect(mesh.routes('reviews')[0]?.limits?.deadline?.budgetMs).toBe(1_000);
    expect(mesh.remarks(young)).toEqual(['invalid: spec: the older old decides localRateLimit for the same targets']);
    const targetRefs = [{ kind: 'Service', name: 'reviews', sectionName: 'http' }];
    mesh.apply(policy('section', { targetRefs, rateLimit: { local: { requests: 7, per: '1s' } } }, 3));
    expect(inbound(mesh)?.localRateLimit?.tokens).toBe(7);
  });

  it('TrafficPolicy rateLimit.global: limits of all policies hold, and their counters are for the service', () => {
    const rule = (name: string) => ({ rateLimit: { global: [{ name, requests: 1, per: '1s' }] } });
    const mesh = new TestMesh(...reviews, policy('a', rule('x')), policy('b', rule('x')));
    expect(inbound(mesh)?.globalRateLimits?.map(({ rule: name }) => name)).toEqual(['default/a/x', 'default/b/x']);
    expect(mesh.model.globalRateLimitRules().map(({ rule: name }) => name)).toEqual(['default/a/x', 'default/b/x']);
    expect(mesh.sidecar().functions).toEqual({ globalRateLimits: true });
  });

  it('TrafficPolicy targetRefs: a policy for a rule of a VirtualService holds for that rule', () => {
    const rules = virtualService('reviews', {
      hosts: ['reviews'],
      http: ['first', 'second'].map((name) => ({
        name,
        match: [{ uri: { prefix: `/${name}` } }],
        route: [{ destination: { host: 'reviews' } }],
      })),
    });
    const targetRefs = [{ kind: 'VirtualService', name: 'reviews', sectionName: 'second' }];
    const mesh = new TestMesh(...reviews, rules, policy('p', { targetRefs, ...local, bulkhead: { maxRequests: 1 } }));
    expect(mesh.routes('reviews').map(({ limits }) => limits?.local?.tokens)).toEqual([undefined, 5]);
    expect(mesh.remarks(policy('p', {}))).toEqual([
      'unsupported: spec.targetRefs[0]: bulkhead acts on a Service only, not on a VirtualService',
    ]);
  });

  it('a policy for nobody says so', () => {
    const at = (target: object) => {
      const lost = policy('p', { targetRefs: [{ kind: 'Service', name: 'reviews', ...target }], ...local });
      return new TestMesh(...reviews, lost).remarks(lost);
    };
    expect(at({ name: 'nope' })).toEqual(['invalid: spec.targetRefs[0]: there is no Service default/nope']);
    expect(at({ sectionName: 'grpc' })).toEqual([
      'invalid: spec.targetRefs[0]: Service default/reviews has no section grpc',
    ]);
    expect(at({ sectionName: '9080' })).toEqual([]);
  });

  it('what a policy does not concern stays the same object', () => {
    const mesh = new TestMesh(...reviews, service('other', [{ name: 'http', port: 80 }]));
    const before = mesh.sidecar().clusters.find(({ host }) => host.startsWith('other'));
    mesh.apply(policy('p', { healthCheck: { tcp: {} } }));
    expect(mesh.sidecar().clusters.find(({ host }) => host.startsWith('other'))).toBe(before);
  });
});

describe('TrafficPolicies of a Gateway', () => {
  const gateway = gatewayResource('edge', {
    selector: { istio: 'edge' },
    servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
  });
  const routes = virtualService('reviews', {
    hosts: ['*'],
    gateways: ['edge'],
    http: [{ route: [{ destination: { host: 'reviews' } }] }],
  });
  const proxy = gatewayProxy('default', { istio: 'edge' });
  const limitsOf = (...policies: readonly Resource[]) => {
    const mesh = new TestMesh(...reviews, gateway, routes, ...policies);
    mesh.model.setProxy(proxy);
    const [server] = mesh.model.gateway(proxy.id).servers;
    return server?.protocol === 'http' ? server.virtualHosts[0]?.routes[0]?.limits : undefined;
  };
  const at = (sectionName?: string) => ({
    targetRefs: [{ kind: 'Gateway', name: 'edge', ...(sectionName === undefined ? {} : { sectionName }) }],
  });

  it('hold for all of its routes, or for those of one server', () => {
    expect(limitsOf(policy('p', { ...at(), ...local, deadline: '2s' }))).toMatchObject({
      local: { tokens: 5 },
      deadline: { budgetMs: 2_000 },
    });
    expect(limitsOf(policy('p', { ...at('http'), ...local }))).toMatchObject({ local: { tokens: 5 } });
    expect(limitsOf(policy('p', { ...at('https'), ...local }))).toBeUndefined();
  });

  it('give way to what a route says itself', () => {
    const own = policy('own', { deadline: '1s' });
    expect(limitsOf(policy('p', { ...at(), deadline: '2s' }), own)?.deadline?.budgetMs).toBe(1_000);
  });
});
