import type { HttpMatch } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { grpcRoute } from '../../testing/class-gateway.ts';
import { readGrpcRule, readItem } from '../../testing/read-route.ts';

const TO_RATINGS = [{ name: 'ratings', port: 9090 }];
const nothing = { headers: [], queryParameters: [] };

describe('GRPCRoute', () => {
  it('GRPCRoute parentRefs: group, kind, namespace, name, sectionName, port', () => {
    const parent = { group: '', kind: 'Service', namespace: 'other', name: 'b', sectionName: 'grpc', port: 80 };
    const { item, fields } = readItem('attached-route', grpcRoute('a', { parentRefs: [parent] }));
    expect(item).toMatchObject({ routeKind: 'GRPCRoute', parents: [parent], rules: [] });
    expect(fields).toEqual([]);
  });

  it('GRPCRoute hostnames and useDefaultGateways', () => {
    const route = grpcRoute('a', { hostnames: ['A.example'], useDefaultGateways: 'All' });
    const { item, fields } = readItem('attached-route', route);
    expect(item.hostnames).toEqual(['a.example']);
    expect(fields).toEqual(['unsupported useDefaultGateways']);
  });

  it('GRPCRoute rules.name is read', () => {
    expect(readGrpcRule({ name: 'rate', backendRefs: TO_RATINGS }).rule?.name).toBe('rate');
  });

  it.each<readonly [string, object, Partial<HttpMatch>]>([
    ['method.service', { method: { service: 'a.B', method: 'C' } }, { path: { exact: '/a.B/C' } }],
    ['method.service', { method: { service: 'a.B' } }, { path: { prefix: '/a.B/' } }],
    ['method.method', { method: { method: 'C' } }, { path: { regex: '/[^/]+/C' } }],
    [
      'method.type',
      { method: { type: 'RegularExpression', service: 'a|b', method: 'C.*' } },
      { path: { regex: '/(?:a|b)/(?:C.*)' } },
    ],
    ['method.type', { method: { type: 'RegularExpression', service: 'a.*' } }, { path: { regex: '/(?:a.*)/[^/]+' } }],
    ['headers', { headers: [{ name: 'x-a', value: '1' }] }, { headers: [{ name: 'x-a', match: { exact: '1' } }] }],
    [
      'headers.type',
      { headers: [{ type: 'RegularExpression', name: 'x-a', value: '1+' }] },
      { headers: [{ name: 'x-a', match: { regex: '1+' } }] },
    ],
    ['headers', {}, {}],
  ])('GRPCRoute rules.matches.%s is read: %j', (_, written, expected) => {
    const { rule, fields } = readGrpcRule({ matches: [written], backendRefs: TO_RATINGS });
    expect(rule?.matches).toEqual([{ http: { ...nothing, ...expected } }]);
    expect(fields).toEqual([]);
  });

  it('a rule without matches takes every call', () => {
    expect(readGrpcRule({ backendRefs: TO_RATINGS }).rule?.matches).toEqual([]);
  });

  it.each<readonly [object, string]>([
    [{ method: {} }, 'invalid matches[0].method'],
    [{ method: { type: 'Odd', service: 'a' } }, 'invalid matches[0].method.type'],
    [{ method: { service: 'a/b' } }, 'invalid matches[0].method.service'],
    [{ method: { method: 'a-b' } }, 'invalid matches[0].method.method'],
    [{ method: { type: 'RegularExpression', method: '(?=a)' } }, 'invalid matches[0].method.method'],
    [{ headers: [{ name: '', value: '1' }] }, 'invalid matches[0].headers[0].name'],
  ])('takes no call by %j', (match, field) => {
    const { rule, fields } = readGrpcRule({ matches: [match], backendRefs: TO_RATINGS });
    expect(rule).toBeUndefined();
    expect(fields).toEqual([field]);
  });

  const set = [{ name: 'x-a', value: '1' }];
  const modifier = { set, add: [{ name: 'x-b', value: '2' }], remove: ['x-c'] };
  const operations = { set: { 'x-a': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] };
  const mirror = (more: object) => ({
    type: 'RequestMirror',
    requestMirror: { backendRef: { group: '', kind: 'Service', namespace: 'b', name: 'shadow', port: 1 }, ...more },
  });

  it.each([
    [
      'requestHeaderModifier',
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: {
          set: [{ name: 'x-a', value: '1' }],
          add: [{ name: 'x-b', value: '2' }],
          remove: ['x-c'],
        },
      },
      'requestHeaders',
    ],
    [
      'responseHeaderModifier',
      {
        type: 'ResponseHeaderModifier',
        responseHeaderModifier: {
          set: [{ name: 'x-a', value: '1' }],
          add: [{ name: 'x-b', value: '2' }],
          remove: ['x-c'],
        },
      },
      'responseHeaders',
    ],
  ])('GRPCRoute rules.filters.%s: %j is read', (_, filter, member) => {
    const { rule, fields } = readGrpcRule({ filters: [filter], backendRefs: TO_RATINGS });
    expect(rule).toMatchObject({ [member]: operations });
    expect(fields).toEqual([]);
  });

  it('GRPCRoute rules.filters.requestMirror: backendRef, percent and fraction.numerator of fraction.denominator', () => {
    const filters = [mirror({ percent: 10 }), mirror({ fraction: { numerator: 1, denominator: 1000 } })];
    const { rule } = readGrpcRule({ filters, backendRefs: TO_RATINGS });
    const backend = { group: '', kind: 'Service', namespace: 'b', name: 'shadow' };
    expect(rule?.action).toMatchObject({
      mirrors: [
        { backend, port: 1, percent: 10 },
        { backend, percent: 0.1 },
      ],
    });
  });

  it.each([
    [
      { type: 'ExtensionRef', extensionRef: { group: 'a', kind: 'B', name: 'c' } },
      'unsupported filters[0].extensionRef',
    ],
    [{ type: 'URLRewrite', urlRewrite: { hostname: 'a.example' } }, 'invalid filters[0].type'],
  ])(
    'GRPCRoute rules.filters.type: extensionRef and filters of HTTP are not skipped, calls are UNAVAILABLE: %j',
    (filter, field) => {
      const { rule, fields } = readGrpcRule({ filters: [filter], backendRefs: TO_RATINGS });
      expect(rule?.action).toEqual({ kind: 'respond', status: 503 });
      expect(fields[0]).toBe(field);
    },
  );

  it('GRPCRoute rules.backendRefs: group, kind, namespace, name, port, weight', () => {
    const backendRef = { group: 'a', kind: 'B', namespace: 'c', name: 'd', port: 1, weight: 2 };
    const { group, kind, namespace, name, port, weight } = backendRef;
    expect(readGrpcRule({ backendRefs: [backendRef] }).rule?.action).toMatchObject({
      destinations: [{ backend: { group, kind, namespace, name }, port, weight }],
    });
  });

  it('nothing takes calls without backends', () => {
    expect(readGrpcRule({}).rule?.action).toEqual({ kind: 'respond', status: 503 });
  });

  it('GRPCRoute rules.backendRefs.filters: type, requestHeaderModifier, responseHeaderModifier, requestMirror of the only one', () => {
    const filters = [
      { type: 'RequestHeaderModifier', requestHeaderModifier: modifier },
      { type: 'ResponseHeaderModifier', responseHeaderModifier: modifier },
      mirror({}),
    ];
    const { rule } = readGrpcRule({ backendRefs: [{ ...TO_RATINGS[0], filters }] });
    expect(rule?.action).toMatchObject({
      destinations: [{ requestHeaders: operations, responseHeaders: operations }],
      mirrors: [{ percent: 100 }],
    });
    const split = readGrpcRule({
      backendRefs: [
        { ...TO_RATINGS[0], filters },
        { name: 'b', port: 1 },
      ],
    });
    expect(split.rule?.action).toMatchObject({ destinations: [{ refusesWith: 503 }, {}] });
    expect(split.fields).toEqual(['unsupported backendRefs[0].filters']);
  });

  it('GRPCRoute rules.sessionPersistence: sessionName, type, absoluteTimeout and cookieConfig.lifetimeType', () => {
    const sessionPersistence = {
      sessionName: 's',
      type: 'Cookie',
      absoluteTimeout: '1h',
      cookieConfig: { lifetimeType: 'Permanent' },
    };
    const { rule } = readGrpcRule({ sessionPersistence, backendRefs: TO_RATINGS });
    expect(rule?.action).toMatchObject({ sessionPersistence: { kind: 'cookie', name: 's', lifetimeMs: 3_600_000 } });
  });
});
