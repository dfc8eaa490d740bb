import type { HttpMatch } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { httpRoute } from '../../testing/class-gateway.ts';
import { readHttpRule, readItem, TO_REVIEWS } from '../../testing/read-route.ts';

const read = (spec: object) => readItem('attached-route', httpRoute('shop/a', spec));

describe('HTTPRoute parentRefs', () => {
  it('HTTPRoute parentRefs.name is a Gateway beside the route', () => {
    const { item, fields } = read({ parentRefs: [{ name: 'edge' }] });
    expect(item.parents).toMatchObject([
      { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'shop', name: 'edge' },
    ]);
    expect(item.parents[0]).not.toHaveProperty('port');
    expect(fields).toEqual([]);
  });

  it('HTTPRoute parentRefs: group, kind, namespace, sectionName and port say what else is meant', () => {
    const parent = { group: '', kind: 'Service', namespace: 'other', name: 'b', sectionName: 'web', port: 80 };
    expect(read({ parentRefs: [parent] }).item.parents).toMatchObject([parent]);
  });

  it('attaches to nothing by what makes no sense', () => {
    const { item, fields } = read({ parentRefs: [{ kind: 'Service' }, { name: 'a', port: 0 }] });
    expect(item.parents).toEqual([]);
    expect(fields).toEqual(['invalid parentRefs[0].name', 'invalid parentRefs[1].port']);
  });

  it('HTTPRoute useDefaultGateways is reported', () => {
    expect(read({ useDefaultGateways: 'All' }).fields).toEqual(['unsupported useDefaultGateways']);
    expect(read({ useDefaultGateways: 'None' }).fields).toEqual([]);
  });
});

describe('HTTPRoute hostnames', () => {
  it('HTTPRoute hostnames are read, and are the same whatever their case', () => {
    expect(read({ hostnames: ['A.example.com', '*.b.example'], rules: [] }).item.hostnames).toEqual([
      'a.example.com',
      '*.b.example',
    ]);
  });

  it.each([[['a b']], ['a.example.com']])('takes no host by %j, rather than all', (hostnames) => {
    const { item, fields } = read({ hostnames, rules: [{ backendRefs: TO_REVIEWS }] });
    expect(item.rules).toEqual([]);
    expect(fields).toEqual(['invalid hostnames']);
  });
});

describe('HTTPRoute rules', () => {
  it('HTTPRoute rules.name is read', () => {
    expect(readHttpRule({ name: 'beta', backendRefs: TO_REVIEWS }).rule?.name).toBe('beta');
  });

  it('a route without rules takes every request, and leads nowhere', () => {
    const { item, fields } = read({});
    expect(item.rules).toMatchObject([
      { matches: [{ http: { path: { segments: '/' } } }], action: { kind: 'respond', status: 500 } },
    ]);
    expect(fields).toEqual([]);
  });

  const nothing = { headers: [], queryParameters: [] };
  it.each<readonly [string, object, Partial<HttpMatch>]>([
    ['path', { path: { type: 'Exact', value: '/a' } }, { path: { exact: '/a' } }],
    ['path', { path: { type: 'PathPrefix', value: '/a' } }, { path: { segments: '/a' } }],
    ['path', { path: { type: 'RegularExpression', value: '/a.*' } }, { path: { regex: '/a.*' } }],
    ['path.value', { path: { value: '/a' } }, { path: { segments: '/a' } }],
    ['path.type', { path: { type: 'Exact' } }, { path: { exact: '/' } }],
    ['path', {}, { path: { segments: '/' } }],
    ['method', { method: 'GET' }, { path: { segments: '/' }, method: { exact: 'GET' } }],
    [
      'headers',
      { headers: [{ name: 'x-a', value: '1' }] },
      { path: { segments: '/' }, headers: [{ name: 'x-a', match: { exact: '1' } }] },
    ],
    [
      'headers.type',
      { headers: [{ type: 'RegularExpression', name: 'x-a', value: '1+' }] },
      { path: { segments: '/' }, headers: [{ name: 'x-a', match: { regex: '1+' } }] },
    ],
    [
      'queryParams.type',
      { queryParams: [{ type: 'RegularExpression', name: 'a', value: '.' }] },
      { path: { segments: '/' }, queryParameters: [{ name: 'a', match: { regex: '.' } }] },
    ],
  ])('HTTPRoute rules.matches.%s is read: %j', (_, written, expected) => {
    const { rule, fields } = readHttpRule({ matches: [written], backendRefs: TO_REVIEWS });
    expect(rule?.matches).toEqual([{ http: { ...nothing, ...expected } }]);
    expect(fields).toEqual([]);
  });

  it('HTTPRoute rules.matches: headers and queryParams with one name count once, the first', () => {
    const headers = ['x-a', 'X-A'].map((name, index) => ({ name, value: String(index) }));
    const queryParams = ['a', 'a', 'A'].map((name, index) => ({ name, value: String(index) }));
    const { rule } = readHttpRule({ matches: [{ headers, queryParams }], backendRefs: TO_REVIEWS });
    expect(rule?.matches[0]?.http).toMatchObject({
      headers: [{ name: 'x-a', match: { exact: '0' } }],
      queryParameters: [
        { name: 'a', match: { exact: '0' } },
        { name: 'A', match: { exact: '2' } },
      ],
    });
  });

  it.each<readonly [object, string]>([
    [{ path: { type: 'Odd', value: '/a' } }, 'invalid matches[0].path.type'],
    [{ path: { type: 'Exact', value: 'a' } }, 'invalid matches[0].path.value'],
    [{ path: { type: 'RegularExpression', value: '(?=a)' } }, 'invalid matches[0].path.value'],
    [{ path: { value: '/a', ignoreCase: true } }, 'unsupported matches[0].path.ignoreCase'],
    [{ method: 1 }, 'invalid matches[0].method'],
    [{ headers: [{ name: 'x-a' }] }, 'invalid matches[0].headers[0].value'],
    [{ headers: [{ name: 'x a', value: '1' }] }, 'invalid matches[0].headers[0].name'],
    [{ headers: {} }, 'invalid matches[0].headers'],
    [{ queryParams: [{ type: 'Odd', name: 'a', value: '1' }] }, 'invalid matches[0].queryParams[0].type'],
    [{ other: true }, 'unsupported matches[0].other'],
  ])('takes no request by %j, rather than more than are meant', (match, field) => {
    const { rule, fields } = readHttpRule({ matches: [match], backendRefs: TO_REVIEWS });
    expect(rule).toBeUndefined();
    expect(fields).toEqual([field]);
  });
});
