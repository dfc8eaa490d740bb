import type { TrafficTargetItem } from '@meshwise/model';
import { describe, expect, test } from 'vitest';
import { smi } from '../../testing/smi.ts';
import { smiMesh } from '../index.ts';

function read(version: string, body: object) {
  const fragment = smiMesh.read(smi(`TrafficTarget/${version}`, 'a-to-b', body));
  const [item] = (fragment?.items ?? []) as readonly TrafficTargetItem[];
  const remarks = (fragment?.residues ?? []).map(({ severity, origin }) => `${severity} ${origin.field}`);
  return { item, remarks };
}

const destination = { kind: 'ServiceAccount', name: 'b' };
const sources = [{ kind: 'ServiceAccount', name: 'a', namespace: 'shop' }];
const rules = [{ kind: 'HTTPRouteGroup', name: 'routes', matches: ['api'] }];

describe('a TrafficTarget (000-43)', () => {
  test('TrafficTarget specs, rules, destination and sources mean the same in all three versions', () => {
    const all = [
      read('v1alpha1', { destination, sources, specs: rules }),
      read('v1alpha2', { spec: { destination, sources, rules } }),
      read('v1alpha3', { spec: { destination, sources, rules } }),
    ];
    for (const { item, remarks } of all) {
      expect(remarks).toEqual([]);
      expect(item).toMatchObject({
        kind: 'traffic-target',
        destination: { namespace: 'default', name: 'b' },
        sources: [{ namespace: 'shop', name: 'a' }],
        rules: [{ specKind: 'HTTPRouteGroup', name: 'routes', matches: ['api'] }],
      });
      expect(item?.port).toBeUndefined();
    }
  });

  test('TrafficTarget destination.port is obeyed wherever it stands: without it more would be allowed', () => {
    const spec = { destination: { ...destination, port: 8080 }, sources, rules };
    for (const version of ['v1alpha2', 'v1alpha3']) expect(read(version, { spec }).item?.port).toBe(8080);
    const unreadable = { ...spec, destination: { ...destination, port: '8080' } };
    expect(read('v1alpha2', { spec: unreadable })).toMatchObject({
      item: { rules: [] },
      remarks: ['invalid spec.destination.port'],
    });
  });

  test('TrafficTarget rules.matches are all of them when absent or empty, and none when they cannot be read', () => {
    const matchesOf = (matches: unknown) => {
      const rule = { kind: 'HTTPRouteGroup', name: 'routes', ...(matches === undefined ? {} : { matches }) };
      return read('v1alpha3', { spec: { destination, sources, rules: [rule] } }).item?.rules[0]?.matches;
    };
    expect([matchesOf(undefined), matchesOf([]), matchesOf([1]), matchesOf('a'), matchesOf(['a'])]).toEqual([
      undefined,
      undefined,
      [],
      [],
      ['a'],
    ]);
  });

  test('TrafficTarget sources and rules that are missing or no identities allow nobody anything', () => {
    const nobody = read('v1alpha2', { spec: { destination } });
    expect(nobody.item).toMatchObject({ sources: [], rules: [] });
    expect(nobody.remarks).toEqual(['invalid spec.sources', 'invalid spec.rules']);
    const group = read('v1alpha2', { spec: { destination, sources: [{ kind: 'Group', name: 'all' }], rules } });
    expect(group.item?.sources).toEqual([]);
    expect(group.remarks).toEqual(['invalid spec.sources[0].kind', 'invalid spec.sources']);
  });

  test('TrafficTarget destination of another namespace, or none at all, has no effect', () => {
    const other = { ...destination, namespace: 'shop' };
    expect(read('v1alpha3', { spec: { destination: other, sources, rules } })).toEqual({
      item: undefined,
      remarks: ['invalid spec.destination.namespace'],
    });
    expect(read('v1alpha3', { spec: { sources, rules } }).remarks).toEqual(['invalid spec.destination']);
  });

  test('TrafficTarget rules.kind UDPRoute allows nothing, and says so', () => {
    const udp = [{ kind: 'UDPRoute', name: 'dns' }];
    expect(read('v1alpha3', { spec: { destination, sources, rules: udp } }).remarks).toEqual([
      'unsupported spec.rules[0].kind',
    ]);
  });
});
