import type { TrafficPolicyItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { meshwiseMesh } from '../index.ts';

function policy(spec: unknown, apiVersion = 'meshwise.dev/v1alpha1'): Resource {
  return { apiVersion, kind: 'TrafficPolicy', metadata: { name: 'p', namespace: 'shop' }, spec };
}

function read(spec: object) {
  const targetRefs = [{ kind: 'Service', name: 'cart' }];
  const fragment = meshwiseMesh.read(policy({ targetRefs, ...spec }));
  return {
    item: fragment?.items[0] as TrafficPolicyItem | undefined,
    remarks: fragment?.residues.map(({ severity, origin }) => `${severity} ${origin.field}`),
  };
}

describe('TrafficPolicy', () => {
  it('targetRefs are services, gateways and virtual services, with sections', () => {
    const { item, remarks } = read({
      targetRefs: [
        { group: '', kind: 'Service', name: 'cart', sectionName: 'http' },
        { group: 'networking.istio.io', kind: 'Gateway', name: 'edge' },
        { group: 'apps', kind: 'Deployment', name: 'cart' },
        { group: 'apps', kind: 'Service', name: 'cart' },
        { kind: 'VirtualService' },
      ],
    });
    expect(item?.targets).toEqual([
      { group: '', kind: 'Service', name: 'cart', sectionName: 'http' },
      { group: 'networking.istio.io', kind: 'Gateway', name: 'edge' },
    ]);
    expect(remarks).toEqual([
      'unsupported spec.targetRefs[2].kind',
      'invalid spec.targetRefs[3].group',
      'invalid spec.targetRefs[4].name',
    ]);
  });

  it('targetRefs are routes and Gateways of the Gateway API too, told apart from those of Istio by their group', () => {
    const group = 'gateway.networking.k8s.io';
    const { item, remarks } = read({
      targetRefs: [
        { group, kind: 'HTTPRoute', name: 'cart', sectionName: 'checkout' },
        { kind: 'GRPCRoute', name: 'stock' },
        { group, kind: 'Gateway', name: 'edge' },
        { kind: 'Gateway', name: 'old-edge' },
        { group: 'networking.istio.io', kind: 'HTTPRoute', name: 'cart' },
      ],
    });
    expect(item?.targets).toEqual([
      { group, kind: 'HTTPRoute', name: 'cart', sectionName: 'checkout' },
      { group, kind: 'GRPCRoute', name: 'stock' },
      { group, kind: 'Gateway', name: 'edge' },
      { group: 'networking.istio.io', kind: 'Gateway', name: 'old-edge' },
    ]);
    expect(remarks).toEqual(['invalid spec.targetRefs[4].group']);
  });

  it('rateLimit.local is a token bucket; burst is the number of requests unless given', () => {
    const bucket = (local: object) => read({ rateLimit: { local } });
    expect(bucket({ requests: 10, per: '1s' }).item?.localRateLimit).toMatchObject({
      tokens: 10,
      tokensPerFill: 10,
      fillIntervalMs: 1_000,
    });
    expect(bucket({ requests: 10, per: '1s', burst: 30, status: 503 }).item?.localRateLimit).toMatchObject({
      tokens: 30,
      status: 503,
    });
    const tooOften = bucket({ requests: 10, per: '1ms' });
    expect(tooOften.item?.localRateLimit).toBeUndefined();
    expect(tooOften.remarks).toEqual(['invalid spec.rateLimit.local.per']);
  });

  it('rateLimit.global counts under a name of its own, apart by what `by` names', () => {
    const { item, remarks } = read({
      rateLimit: {
        global: [
          {
            name: 'per-user',
            requests: 5,
            per: '1m',
            by: [{ header: 'x-user' }, { sourceAddress: true }],
            when: [
              { header: 'x-plan', exact: 'free' },
              { header: 'x-group', prefix: 'g' },
              { header: 'x-kind', regex: '[a-z]+' },
            ],
            onFailure: 'Deny',
          },
          { name: 'per-user', requests: 1, per: '1s' },
        ],
      },
    });
    expect(item?.globalRules).toEqual([{ rule: 'shop/p/per-user', requests: 5, perMs: 60_000 }]);
    expect(item?.globalRateLimits).toMatchObject([
      {
        rule: 'shop/p/per-user',
        onFailure: 'deny',
        descriptors: [
          { kind: 'header-match', name: 'x-plan', match: { exact: 'free' } },
          { kind: 'header-match', name: 'x-group', match: { prefix: 'g' } },
          { kind: 'header-match', name: 'x-kind', match: { regex: '[a-z]+' } },
          { kind: 'header', name: 'x-user' },
          { kind: 'source-address' },
        ],
      },
    ]);
    expect(remarks).toEqual(['invalid spec.rateLimit.global[1].name']);
  });

  it('healthCheck is one of http, grpc and tcp', () => {
    expect(
      read({ healthCheck: { http: { path: '/live', expectedStatuses: [{ from: 200, to: 299 }] }, interval: '2s' } })
        .item?.healthCheck,
    ).toMatchObject({ kind: 'http', path: '/live', intervalMs: 2_000, expectedStatuses: [{ from: 200, to: 299 }] });
    expect(read({ healthCheck: { grpc: { service: 'cart' } } }).item?.healthCheck).toMatchObject({ kind: 'grpc' });
    expect(read({ healthCheck: { tcp: {} } }).item?.healthCheck).toMatchObject({ kind: 'tcp' });
    expect(read({ healthCheck: {} }).remarks).toEqual(['invalid spec.healthCheck']);
  });

  it('healthCheck.interval, timeout, unhealthyThreshold, healthyThreshold, http.host and http.expectedStatuses are read', () => {
    const http = { path: '/', host: 'cart.internal', expectedStatuses: [{ from: 200, to: 204 }] };
    const times = { interval: '7s', timeout: '3s', unhealthyThreshold: 4, healthyThreshold: 5 };
    const { item, remarks } = read({ healthCheck: { http, ...times } });
    expect(item?.healthCheck).toMatchObject({
      ...http,
      intervalMs: 7_000,
      timeoutMs: 3_000,
      unhealthyThreshold: 4,
      healthyThreshold: 5,
    });
    expect(remarks).toEqual([]);
  });

  it('bulkhead, deadline and retryBudget', () => {
    const { item, remarks } = read({
      bulkhead: { maxConnections: 10, maxRequests: 20, maxPendingRequests: 5 },
      deadline: '600ms',
      retryBudget: { percent: 10 },
    });
    expect(item).toMatchObject({
      bulkhead: { maxConnections: 10, maxRequests: 20, maxPendingRequests: 5 },
      deadlineMs: 600,
      retryBudget: { percent: 10, minConcurrency: 3 },
    });
    expect(remarks).toEqual([]);
    expect(read({ deadline: '0s' }).remarks).toEqual(['invalid spec.deadline']);
  });

  it('fields of tomorrow and other versions are reported, never dropped', () => {
    expect(read({ quota: 3 }).remarks).toEqual(['unsupported spec.quota']);
    expect(meshwiseMesh.read(policy({}, 'meshwise.dev/v2'))?.residues).toMatchObject([{ severity: 'unsupported' }]);
    expect(meshwiseMesh.read(policy({ targetRefs: [] }))?.residues).toMatchObject([{ severity: 'invalid' }]);
  });
});
