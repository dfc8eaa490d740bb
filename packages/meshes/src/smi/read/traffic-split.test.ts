import type { RoutingItem } from '@meshwise/model';
import { describe, expect, test } from 'vitest';
import { smi } from '../../testing/smi.ts';
import { smiMesh } from '../index.ts';

function read(version: string, spec: object, name = 'canary') {
  const fragment = smiMesh.read(smi(`TrafficSplit/${version}`, name, { spec }));
  const [item] = (fragment?.items ?? []) as readonly RoutingItem[];
  const remarks = (fragment?.residues ?? []).map(({ severity, origin }) => `${severity} ${origin.field}`);
  return { item, remarks };
}

/** Where the first rule leads, by weight. */
function shares(item: RoutingItem | undefined): Readonly<Record<string, number>> {
  const action = item?.rules[0]?.action;
  if (action?.kind !== 'forward') return {};
  return Object.fromEntries(action.destinations.map(({ host, weight }) => [host, weight]));
}

const backends = (a: unknown, b: unknown) => [
  { service: 'web-v1', weight: a },
  { service: 'web-v2', weight: b },
];

describe('a TrafficSplit (001-76)', () => {
  test('TrafficSplit service and backends.weight mean the same in all four versions', () => {
    const first = read('v1alpha1', { service: 'web', backends: backends('500m', '1500m') });
    expect(shares(first.item)).toEqual({ 'web-v1': 0.5, 'web-v2': 1.5 });
    for (const version of ['v1alpha2', 'v1alpha3', 'v1alpha4']) {
      const { item, remarks } = read(version, { service: 'web', backends: backends(1, 3) });
      expect(remarks).toEqual([]);
      expect(shares(item)).toEqual({ 'web-v1': 1, 'web-v2': 3 });
      expect(item).toMatchObject({ isSplit: true, hosts: ['web'], exportTo: ['*'] });
      // Bytes are split too, and nothing is left to the service itself.
      expect(item?.byteRules).toMatchObject([{ layer: 'tcp', matches: [], destinations: [{}, {}] }]);
      expect(item?.rules).toHaveLength(1);
    }
  });

  test('TrafficSplit backends.weight is a quantity in v1alpha1 only, and what cannot be read takes nothing', () => {
    const { item, remarks } = read('v1alpha2', { service: 'web', backends: backends('500m', 1) });
    expect([shares(item), remarks]).toEqual([{ 'web-v2': 1 }, ['invalid spec.backends[0].weight']]);
    expect(read('v1alpha1', { service: 'web', backends: backends('-1', 1) }).remarks).toEqual([
      'invalid spec.backends[0].weight',
    ]);
  });

  test('TrafficSplit matches leaves what they do not describe, and all bytes, to the service itself', () => {
    const spec = { service: 'web', matches: [{ kind: 'HTTPRouteGroup', name: 'testers' }], backends: backends(0, 1) };
    for (const version of ['v1alpha3', 'v1alpha4']) {
      const { item, remarks } = read(version, spec);
      expect(remarks).toEqual([]);
      expect(item?.rules[0]?.matchGroups).toMatchObject([{ specKind: 'HTTPRouteGroup', name: 'testers' }]);
      expect(item?.rules[1]).toMatchObject({ matches: [], action: { destinations: [{ host: 'web' }] } });
      expect(item?.rules[1]?.matchGroups).toBeUndefined();
      expect(item?.byteRules).toBeUndefined();
    }
    expect(read('v1alpha2', spec).remarks).toEqual(['unsupported spec.matches']);
  });

  test('TrafficSplit matches of a kind nobody knows split nothing, rather than everything', () => {
    const { item, remarks } = read('v1alpha4', {
      service: 'web',
      matches: [{ kind: 'GRPCRoute', name: 'a' }],
      backends: backends(1, 1),
    });
    expect([item, remarks]).toEqual([undefined, ['invalid spec.matches[0].kind']]);
  });

  test('TrafficSplit service may be a full name, and is none of another namespace', () => {
    for (const service of ['web', 'WEB', 'web.default', 'web.default.svc', 'web.default.svc.cluster.local'])
      expect(read('v1alpha4', { service, backends: backends(1, 1) }).item?.hosts).toEqual(['web']);
    for (const service of ['web.shop.svc.cluster.local', 'www.example.com']) {
      const { item, remarks } = read('v1alpha4', { service, backends: backends(1, 1) });
      expect([item, remarks]).toEqual([undefined, ['invalid spec.service']]);
    }
    const foreign = { service: 'web', backends: [{ service: 'web-v1.shop', weight: 1 }, ...backends(1, 1)] };
    const { item, remarks } = read('v1alpha4', foreign);
    expect([Object.keys(shares(item)), remarks]).toEqual([['web-v1', 'web-v2'], ['invalid spec.backends[0].service']]);
  });

  test('TrafficSplit backends.service may be the service itself, which is remarked on', () => {
    const { item, remarks } = read('v1alpha1', { service: 'web', backends: [{ service: 'web', weight: '800m' }] });
    expect([shares(item), remarks]).toEqual([{ web: 0.8 }, ['info spec.backends[0].service']]);
  });

  test('TrafficSplit backends that all have weight 0 split nothing', () => {
    const { item, remarks } = read('v1alpha4', { service: 'web', backends: backends(0, 0) });
    expect([item, remarks]).toEqual([undefined, ['invalid spec.backends']]);
  });

  test('a version that SMI never had, and an object without spec, are reported', () => {
    expect(read('v1alpha5', {}).remarks).toEqual(['unsupported apiVersion']);
    expect(smiMesh.read(smi('TrafficSplit/v1alpha4', 'a', {}))?.residues).toMatchObject([{ severity: 'invalid' }]);
  });
});
