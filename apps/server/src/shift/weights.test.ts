import type { Resource, TrafficShiftSpec, VirtualServiceHttpRoute, VirtualServiceSpec } from '@meshwise/resources';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cannotShift, findRoute, withParts } from './route.ts';
import { partsFor, percentsOf } from './weights.ts';

const NAMES = { namespace: 'default', clusterDomain: 'cluster.local' };
const to = (subset: string, weight?: number) => ({
  destination: { host: 'reviews', subset },
  ...(weight === undefined ? {} : { weight }),
});
const SPEC: TrafficShiftSpec = {
  targetRef: { kind: 'VirtualService', name: 'reviews' },
  versions: ['v1', 'v2', 'v3'].map((name) => ({ name, host: 'reviews', subset: name })),
  steps: [{ weights: { v3: 100 } }],
};

function virtualService(...http: readonly VirtualServiceHttpRoute[]): Resource {
  const spec: VirtualServiceSpec = { hosts: ['reviews'], http };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'reviews', namespace: 'default' },
    spec,
  };
}

function found(resource: Resource, spec = SPEC) {
  const result = findRoute(resource, 's', spec, NAMES);
  if ('problem' in result) throw new Error(result.problem);
  return result.found;
}

const httpOf = (resource: Resource) => (resource.spec as VirtualServiceSpec).http ?? [];
const weights = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  .map(([a, b]) => ({ v1: a, v2: b - a, v3: 100 - b }));
const routes = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('v1', 'v2', 'v3'), weight: fc.integer({ min: 1, max: 1_000 }) }),
  { selector: ({ name }) => name, minLength: 1 },
);

describe('the weights of a route', () => {
  test('are relative, and one destination alone has all', () => {
    expect(percentsOf([to('v1')], SPEC.versions, NAMES)).toEqual({ v1: 100, v2: 0, v3: 0 });
    expect(percentsOf([to('v1', 3), to('v3', 1)], SPEC.versions, NAMES)).toEqual({ v1: 75, v2: 0, v3: 25 });
  });

  test('TrafficShift versions: they are told apart by name, host, subset and port', () => {
    const at = (number: number) => ({ destination: { host: 'reviews', port: { number } } });
    const versions = [
      { name: 'a', host: 'reviews', port: 80 },
      { name: 'b', host: 'reviews', port: 81 },
      { name: 'c', host: 'ratings', subset: 'v1' },
      { name: 'd', host: 'ratings', subset: 'v2' },
    ];
    const ratings = { destination: { host: 'ratings', subset: 'v2' }, weight: 20 };
    const route = [{ ...at(80), weight: 30 }, { ...at(81), weight: 50 }, ratings];
    expect(percentsOf(route, versions, NAMES)).toEqual({ a: 30, b: 50, c: 0, d: 20 });
  });

  test('always sum to 100 as a shift sets them, whatever the route was', () => {
    fc.assert(
      fc.property(routes, weights, (before, set) => {
        const resource = virtualService({ route: before.map(({ name, weight }) => to(name, weight)) });
        const { route, index, parts } = found(resource);
        const next = partsFor(parts, route, 's', SPEC, set, NAMES);
        const changed = found(withParts(resource, index, 's', next));
        const percents = percentsOf(changed.route.route, SPEC.versions, NAMES);
        expect(percents).toEqual(set);
        expect((changed.route.route ?? []).reduce((sum, { weight }) => sum + (weight ?? 0), 0)).toBe(100);
      }),
    );
  });

  test('are exactly those before once they are restored, with everything around them', () => {
    const testers = { version: 'v3', cookie: { name: 'group', value: 'beta' } };
    const spec: TrafficShiftSpec = { ...SPEC, testers, mirror: { version: 'v3', percent: 10 } };
    fc.assert(
      fc.property(routes, weights, (before, set) => {
        const route = before.map(({ name, weight }, index) => ({
          ...to(name, weight),
          ...(index === 0 ? { headers: { request: { set: { 'x-first': 'yes' } } } } : {}),
        }));
        const resource = virtualService(
          { match: [{ uri: { prefix: '/health' } }], directResponse: { status: 200 } },
          { name: 'main', timeout: '3s', route },
        );
        const target = found(resource, { ...spec, targetRef: { ...spec.targetRef, route: 'main' } });
        const shifted = withParts(
          resource,
          target.index,
          's',
          partsFor(target.parts, target.route, 's', spec, set, NAMES),
        );
        expect(httpOf(shifted)).toHaveLength(3);
        expect(withParts(shifted, target.index, 's', target.parts)).toEqual(resource);
      }),
    );
  });

  test('leave a destination its headers, and add versions that were missing', () => {
    const resource = virtualService({
      route: [{ ...to('v1'), headers: { response: { set: { a: 'b' } } } }],
      timeout: '3s',
    });
    const { parts, route, index } = found(resource);
    const next = withParts(resource, index, 's', partsFor(parts, route, 's', SPEC, { v1: 95, v3: 5 }, NAMES));
    expect(httpOf(next)).toEqual([
      { route: [{ ...to('v1', 95), headers: { response: { set: { a: 'b' } } } }, to('v3', 5)], timeout: '3s' },
    ]);
  });
});

describe('testers', () => {
  test('have a route of their own before the other one, in each of its alternatives', () => {
    const match = [{ uri: { prefix: '/a' } }, { headers: { x: { exact: 'y' } } }];
    const resource = virtualService({ match, timeout: '3s', route: [to('v1')] });
    const { parts, route, index } = found(resource);
    const spec: TrafficShiftSpec = { ...SPEC, testers: { version: 'v3', headers: { 'end-user': { exact: 'jason' } } } };
    const [first, second] = httpOf(
      withParts(resource, index, 's', partsFor(parts, route, 's', spec, { v1: 100 }, NAMES)),
    );
    expect(first).toEqual({
      name: 'meshwise-shift-s',
      match: [
        { uri: { prefix: '/a' }, headers: { 'end-user': { exact: 'jason' } } },
        { headers: { x: { exact: 'y' }, 'end-user': { exact: 'jason' } } },
      ],
      timeout: '3s',
      route: [to('v3')],
    });
    expect(second?.match).toEqual(match);
  });

  test('TrafficShift testers.cookie: they are known by it among others', () => {
    const spec: TrafficShiftSpec = { ...SPEC, testers: { version: 'v3', cookie: { name: 'g.x', value: 'b+' } } };
    const resource = virtualService({ route: [to('v1')] });
    const { parts, route } = found(resource);
    const cookie = partsFor(parts, route, 's', spec, { v1: 100 }, NAMES).testers?.match?.[0]?.headers?.['cookie'];
    const pattern = new RegExp(cookie?.regex ?? '');
    for (const [text, expected] of Object.entries({
      'g.x=b+': true,
      'a=1; g.x=b+; c=2': true,
      'gxx=b+': false,
      'ag.x=b+': false,
      'g.x=b+c': false,
    })) {
      expect([text, pattern.test(text)]).toEqual([text, expected]);
    }
  });
});

describe('the route of a shift', () => {
  test('TrafficShift targetRef.route: it is found by name or index, or when it is the only one that fits', () => {
    const resource = virtualService(
      { match: [{ port: 1 }], route: [{ destination: { host: 'other' } }] },
      { name: 'b', route: [to('v1')] },
    );
    expect(found(resource).index).toBe(1);
    expect(found(resource, { ...SPEC, targetRef: { ...SPEC.targetRef, route: 'b' } }).index).toBe(1);
    expect(found(resource, { ...SPEC, targetRef: { ...SPEC.targetRef, route: 0 } }).index).toBe(0);
  });

  test.each<[string, readonly VirtualServiceHttpRoute[], string | number | undefined, RegExp]>([
    [
      'none fits',
      [{ route: [{ destination: { host: 'other' } }] }],
      undefined,
      /no HTTP route that goes to these versions/,
    ],
    [
      'several fit',
      [{ match: [{ port: 1 }], route: [to('v1')] }, { route: [to('v1')] }],
      undefined,
      /several such HTTP routes \(0, 1\)/,
    ],
    ['the name is not there', [{ route: [to('v1')] }], 'main', /called main/],
    ['the index is not there', [{ route: [to('v1')] }], 3, /no HTTP route 3/],
  ])('is said to be unclear when %s', (_what, http, route, expected) => {
    const targetRef = { ...SPEC.targetRef, ...(route === undefined ? {} : { route }) };
    expect(findRoute(virtualService(...http), 's', { ...SPEC, targetRef }, NAMES)).toMatchObject({
      problem: expect.stringMatching(expected),
    });
  });

  test.each<[VirtualServiceHttpRoute, RegExp]>([
    [{ redirect: { uri: '/' } }, /redirects/],
    [{ delegate: { name: 'other' } }, /delegates/],
    [{ directResponse: { status: 200 } }, /answers by itself/],
    [{}, /nowhere/],
    [{ route: [to('v1'), to('v9')] }, /also goes to reviews v9/],
  ])('cannot be shifted when it is %j', (route, expected) => {
    expect(cannotShift(route, SPEC, NAMES, {})).toMatch(expected);
  });

  test('cannot be given a second mirror', () => {
    const spec: TrafficShiftSpec = { ...SPEC, mirror: { version: 'v3', percent: 5 } };
    const mirror = { host: 'reviews', subset: 'v2' };
    expect(cannotShift({ route: [to('v1')], mirror }, spec, NAMES, { mirror })).toMatch(/mirrors/);
    expect(cannotShift({ route: [to('v1')], mirror }, SPEC, NAMES, { mirror })).toBeUndefined();
  });
});
