import { expect, test } from 'vitest';
import { findKindByName, KNOWN_KINDS, kindsByName } from './registry.ts';

test('a bare name means the first group that has it, a full name and a short one exactly theirs', () => {
  expect(findKindByName('gateway')?.group).toBe('networking.istio.io');
  expect(findKindByName('gw')?.group).toBe('networking.istio.io');
  expect(kindsByName('Gateways').map(({ group }) => group)).toEqual([
    'networking.istio.io',
    'gateway.networking.k8s.io',
  ]);
  for (const name of ['gateways.gateway.networking.k8s.io', 'gateway.gateway.networking.k8s.io', 'gtw']) {
    expect(kindsByName(name).map(({ group }) => group)).toEqual(['gateway.networking.k8s.io']);
  }
});

test('every kind can be named so that no other is meant', () => {
  for (const kind of KNOWN_KINDS)
    expect(kindsByName(`${kind.plural}.${kind.group}`.replace(/\.$/, ''))).toContain(kind);
  const full = KNOWN_KINDS.map(({ plural, group }) => `${plural}.${group}`);
  expect(new Set(full).size).toBe(full.length);
});

test('a GatewayClass is in no namespace', () => {
  expect(findKindByName('gc')).toMatchObject({ kind: 'GatewayClass', namespaced: false });
});
