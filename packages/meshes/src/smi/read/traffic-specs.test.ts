import type { TrafficSpecItem } from '@meshwise/model';
import { describe, expect, test } from 'vitest';
import { smi } from '../../testing/smi.ts';
import { smiMesh } from '../index.ts';

function read(kindAndVersion: string, body: object) {
  const fragment = smiMesh.read(smi(kindAndVersion, 'a', body));
  const [item] = (fragment?.items ?? []) as readonly TrafficSpecItem[];
  const remarks = (fragment?.residues ?? []).map(({ severity, origin }) => `${severity} ${origin.field ?? '-'}`);
  return { item, remarks };
}

describe('an HTTPRouteGroup', () => {
  const match = { name: 'api', pathRegex: '/api', methods: ['GET', 'HEAD'] };

  test('HTTPRouteGroup matches mean the same in all four versions', () => {
    const groups = [
      read('HTTPRouteGroup/v1alpha1', { matches: [match] }),
      read('HTTPRouteGroup/v1alpha2', { matches: [match] }),
      read('HTTPRouteGroup/v1alpha3', { spec: { matches: [match] } }),
      read('HTTPRouteGroup/v1alpha4', { spec: { matches: [match] } }),
    ];
    for (const { item, remarks } of groups) {
      expect(remarks).toEqual([]);
      expect(item).toMatchObject({ specKind: 'HTTPRouteGroup', matches: [{ ...match, headers: [] }], ports: [] });
    }
  });

  test('HTTPRouteGroup matches.methods with * are any', () => {
    const { item } = read('HTTPRouteGroup/v1alpha1', { matches: [{ ...match, methods: ['GET', '*'] }] });
    expect(item?.matches[0]?.methods).toEqual([]);
  });

  test('HTTPRouteGroup matches.headers may be a map or a list of maps', () => {
    const headers = (version: string, written: unknown) => {
      const matches = [{ name: 'a', headers: written }];
      const body = version === 'v1alpha2' ? { matches } : { spec: { matches } };
      return read(`HTTPRouteGroup/${version}`, body).item?.matches[0]?.headers;
    };
    const expected = [
      { name: 'user-agent', regex: '.*Android.*' },
      { name: 'cookie', regex: 'a=.*' },
    ];
    for (const version of ['v1alpha2', 'v1alpha3', 'v1alpha4']) {
      expect(headers(version, { 'User-Agent': '.*Android.*', cookie: 'a=.*' })).toEqual(expected);
      expect(headers(version, [{ 'user-agent': '.*Android.*' }, { cookie: 'a=.*' }])).toEqual(expected);
    }
  });

  test('HTTPRouteGroup matches with a condition that cannot be read describe nothing, rather than more', () => {
    const of = (more: object) => read('HTTPRouteGroup/v1alpha4', { spec: { matches: [{ ...match, ...more }] } });
    const broken = [
      { pathRegex: '(?=a)' },
      { methods: [1] },
      { methods: 'GET' },
      { headers: 'a' },
      { headers: { a: '(?=b)' } },
      { headers: [{ a: 'b' }, 'c'] },
      { headers: { 'a b': 'c' } },
      { queryParams: { a: 'b' } },
      { name: undefined },
    ];
    for (const more of broken) {
      const { item, remarks } = of(more);
      expect(item?.matches, JSON.stringify(more)).toEqual([]);
      expect(remarks.length).toBeGreaterThan(0);
    }
    // v1alpha1 has no headers yet.
    const early = read('HTTPRouteGroup/v1alpha1', { matches: [{ ...match, headers: { a: 'b' } }] });
    expect([early.item?.matches, early.remarks]).toEqual([[], ['unsupported matches[0].headers']]);
  });
});

describe('a TCPRoute', () => {
  test('TCPRoute (SMI) matches.ports are those of v1alpha4, and without them all', () => {
    expect(read('TCPRoute/v1alpha4', { spec: { matches: { ports: [3306, 6446] } } }).item?.ports).toEqual([3306, 6446]);
    for (const body of [{}, { spec: {} }, { spec: { matches: { ports: [] } } }])
      expect(read('TCPRoute/v1alpha4', body)).toMatchObject({ item: { specKind: 'TCPRoute', ports: [] }, remarks: [] });
    expect(read('TCPRoute/v1alpha1', {}).item?.ports).toEqual([]);
  });

  test('TCPRoute (SMI) matches.ports that are no ports stand for none of them, rather than for all', () => {
    for (const [spec, field] of [
      [{ matches: { ports: ['http'] } }, 'spec.matches.ports'],
      [{ matches: { ports: 3306 } }, 'spec.matches.ports'],
      [{ matches: [{ ports: [3306] }] }, 'spec.matches'],
      [[3306], 'spec'],
    ] as const)
      expect(read('TCPRoute/v1alpha4', { spec })).toEqual({ item: undefined, remarks: [`invalid ${field}`] });
  });
});

test('UDPRoute matches.ports are kept, and it is said that nobody enforces them', () => {
  const { item, remarks } = read('UDPRoute/v1alpha4', { spec: { matches: { ports: [53] } } });
  expect(item).toMatchObject({ specKind: 'UDPRoute', ports: [53] });
  expect(remarks).toEqual(['unsupported spec']);
});
