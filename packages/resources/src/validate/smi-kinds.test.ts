import { describe, expect, test } from 'vitest';
import { findKindByName } from '../kinds/registry.ts';
import type { Resource } from '../resource.ts';
import { validateObject } from './validate-resource.ts';

const problems = (apiVersion: string, kind: string, body: object) => {
  const resource = { apiVersion, kind, metadata: { namespace: 'default', name: 'a' }, ...body } as Resource;
  return validateObject(resource).map(({ severity, field }) => `${severity} ${field}`);
};

describe('a TrafficSplit (001-76)', () => {
  const split = (version: string, spec: object) => problems(`split.smi-spec.io/${version}`, 'TrafficSplit', { spec });
  const backends = (...weights: unknown[]) => weights.map((weight, index) => ({ service: `web-v${index}`, weight }));
  const matches = [{ kind: 'HTTPRouteGroup', name: 'testers' }];

  test('TrafficSplit backends.weight is a quantity in v1alpha1 and a whole number from v1alpha2 on', () => {
    expect(split('v1alpha1', { service: 'web', backends: backends('500m', 1, '0') })).toEqual([]);
    for (const version of ['v1alpha2', 'v1alpha3', 'v1alpha4']) {
      expect(split(version, { service: 'web', backends: backends(90, 10) })).toEqual([]);
      expect(split(version, { service: 'web', backends: backends('500m', 0.5, -1) })).toEqual([
        'error spec.backends[0].weight',
        'error spec.backends[1].weight',
        'error spec.backends[2].weight',
      ]);
    }
  });

  test('TrafficSplit matches is a field from v1alpha3 on', () => {
    const spec = { service: 'web', matches, backends: backends(1) };
    expect(split('v1alpha2', spec)).toEqual(['warning spec.matches']);
    expect(split('v1alpha3', spec)).toEqual([]);
    expect(split('v1alpha4', { ...spec, matches: [{ kind: 'TCPRoute', name: 'a' }] })).toEqual([
      'error spec.matches[0].kind',
    ]);
  });

  test('TrafficSplit service and backends have to be there, and one weight has to be above 0', () => {
    expect(split('v1alpha4', {})).toEqual(['error spec.service', 'error spec.backends']);
    expect(split('v1alpha4', { service: 'web', backends: [] })).toEqual(['error spec.backends']);
    expect(split('v1alpha1', { service: 'web', backends: backends('0', 0) })).toEqual(['error spec.backends']);
    expect(split('v1alpha1', { service: 'web', backends: backends('-1', 1) })).toEqual([
      'error spec.backends[0].weight',
    ]);
  });

  test('TrafficSplit backends.service that is the service itself is a warning', () => {
    const spec = { service: 'web', backends: [{ service: 'web', weight: 1 }] };
    expect(split('v1alpha4', spec)).toEqual(['warning spec.backends[0].service']);
  });
});

describe('a TrafficTarget', () => {
  const account = (name: string, more: object = {}) => ({ kind: 'ServiceAccount', name, ...more });
  const rules = [{ kind: 'TCPRoute', name: 'all' }];
  const target = (version: string, body: object) => problems(`access.smi-spec.io/${version}`, 'TrafficTarget', body);

  test('TrafficTarget destination, sources and rules stand under spec from v1alpha2 on, and beside metadata before', () => {
    const body = { destination: account('b', { port: 8080 }), sources: [account('a')] };
    expect(target('v1alpha1', { ...body, specs: rules })).toEqual([]);
    expect(target('v1alpha2', { spec: { ...body, rules } })).toEqual([]);
    expect(target('v1alpha3', { spec: { ...body, rules } })).toEqual(['warning spec.destination.port']);
    expect(target('v1alpha1', { spec: { ...body, rules } })).toContain('error destination');
  });

  test('TrafficTarget of v1alpha3 has one rule and one source at least', () => {
    expect(target('v1alpha3', { spec: { destination: account('b'), sources: [], rules: [] } })).toEqual([
      'error spec.sources',
      'error spec.rules',
    ]);
  });

  test('TrafficTarget destination is a ServiceAccount, of the own namespace if it is to have an effect', () => {
    const spec = { sources: [account('a', { namespace: 'other' })], rules };
    expect(target('v1alpha3', { spec: { ...spec, destination: { kind: 'Group', name: 'b' } } })).toEqual([
      'error spec.destination.kind',
    ]);
    expect(target('v1alpha3', { spec: { ...spec, destination: account('b', { namespace: 'other' }) } })).toEqual([
      'warning spec.destination.namespace',
    ]);
  });
});

describe('an HTTPRouteGroup', () => {
  const group = (version: string, body: object) => problems(`specs.smi-spec.io/${version}`, 'HTTPRouteGroup', body);
  const match = { name: 'api', pathRegex: '/api', methods: ['GET'] };

  test('HTTPRouteGroup matches stand beside metadata in v1alpha1 and v1alpha2, under spec afterwards', () => {
    expect(group('v1alpha1', { matches: [match] })).toEqual([]);
    expect(group('v1alpha2', { matches: [{ name: 'all' }] })).toEqual([]);
    expect(group('v1alpha1', { matches: [{ name: 'all' }] })).toEqual([
      'error matches[0].pathRegex',
      'error matches[0].methods',
    ]);
    expect(group('v1alpha4', { spec: { matches: [match] } })).toEqual([]);
    expect(group('v1alpha4', { matches: [match] })).toEqual(['error spec', 'warning matches']);
  });

  test('HTTPRouteGroup matches.name is there once, pathRegex compiles, and methods are those there are', () => {
    const wrong = { name: 'api', pathRegex: '/(', methods: ['FETCH'] };
    expect(group('v1alpha4', { spec: { matches: [match, wrong] } })).toEqual([
      'error spec.matches[1].pathRegex',
      'error spec.matches[1].methods[0]',
      'error spec.matches[1]',
    ]);
  });

  test('HTTPRouteGroup matches.headers is a map or a list of maps, of regular expressions', () => {
    const headers = (value: unknown) => group('v1alpha4', { spec: { matches: [{ name: 'a', headers: value }] } });
    expect(headers({ 'user-agent': '.*Firefox.*' })).toEqual([]);
    expect(headers([{ 'user-agent': '.*Firefox.*' }, { cookie: 'a=.*' }])).toEqual([]);
    expect(headers([{ 'user-agent': '(' }])).toEqual(['error spec.matches[0].headers[0].user-agent']);
    expect(headers('user-agent')).toEqual(['error spec.matches[0].headers']);
  });
});

test('TCPRoute (SMI) and UDPRoute matches.ports are of v1alpha4; before, a TCPRoute says nothing', () => {
  const route = (version: string, kind: string, body: object) => problems(`specs.smi-spec.io/${version}`, kind, body);
  const spec = { matches: { ports: [3306] } };
  expect(route('v1alpha4', 'TCPRoute', { spec })).toEqual([]);
  expect(route('v1alpha4', 'TCPRoute', { spec: { matches: { ports: [0] } } })).toEqual(['error spec.matches.ports[0]']);
  expect(route('v1alpha4', 'UDPRoute', { spec })).toEqual([]);
  expect(route('v1alpha3', 'TCPRoute', { spec })).toEqual(['warning spec.matches']);
  expect(route('v1alpha1', 'TCPRoute', {})).toEqual([]);
});

test('the short names of SMI’s definitions stand for its kinds', () => {
  const groups = ['ts', 'tt', 'htr', 'tr', 'ur'].map((name) => findKindByName(name)?.group);
  expect(groups).toEqual([
    'split.smi-spec.io',
    'access.smi-spec.io',
    'specs.smi-spec.io',
    'specs.smi-spec.io',
    'specs.smi-spec.io',
  ]);
});
