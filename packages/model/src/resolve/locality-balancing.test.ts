import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LocalitySettings } from '../model/policy.ts';
import type { LabelledEndpoint } from './endpoints.ts';
import { balanceLocalities, type LocalityUse, localityUse, weighsLocalities } from './locality-balancing.ts';

const NONE: LocalitySettings = { distribute: [], failover: [], failoverPriority: [] };

/** An endpoint in a place, by its name. */
function at(locality: string, labels: Readonly<Record<string, string>> = {}, weight = 1): LabelledEndpoint {
  const plan = { address: locality, port: 80, weight, health: 'healthy' as const, mutualTls: true };
  return { labels, plan: locality === '' ? plan : { ...plan, locality } };
}

const client = (locality: string, labels: Readonly<Record<string, string>> = {}) => ({ locality, labels });
const failover = (settings: Partial<LocalitySettings> = {}): LocalityUse => ({
  kind: 'failover',
  settings: { ...NONE, ...settings },
});
const distribute = (...rules: LocalitySettings['distribute']): LocalityUse => ({
  kind: 'distribute',
  settings: { ...NONE, distribute: rules },
});
const priorities = (endpoints: readonly LabelledEndpoint[], use: LocalityUse, from: ReturnType<typeof client>) =>
  Object.fromEntries(
    balanceLocalities(endpoints, use, from).endpoints.map(({ address, priority }) => [address, priority ?? 0]),
  );

describe('which endpoints are near (004-65)', () => {
  it('orders by distance, without gaps between the priorities', () => {
    const all = [at('eu/a/1'), at('eu/a/2'), at('eu/b'), at('us/a'), at('')];
    expect(priorities(all, failover(), client('eu/a/1'))).toEqual({
      'eu/a/1': 0,
      'eu/a/2': 1,
      'eu/b': 2,
      'us/a': 3,
      '': 3,
    });
    expect(priorities(all.slice(2), failover(), client('eu/a/1'))).toEqual({ 'eu/b': 0, 'us/a': 1, '': 1 });
    expect(priorities(all, failover(), client(''))).toEqual({
      'eu/a/1': 1,
      'eu/a/2': 1,
      'eu/b': 1,
      'us/a': 1,
      '': 0,
    });
  });

  it('prefers the region that failover names for the client’s over all others', () => {
    const all = [at('eu/a'), at('us/a'), at('asia/a')];
    const use = failover({ failover: [{ from: 'eu', to: 'asia' }] });
    expect(priorities(all, use, client('eu/a'))).toEqual({ 'eu/a': 0, 'asia/a': 1, 'us/a': 2 });
    expect(priorities(all, use, client('us/a'))).toEqual({ 'us/a': 0, 'eu/a': 1, 'asia/a': 1 });
  });

  it('compares the labels of failoverPriority one after the other, topology among them', () => {
    const use = failover({ failoverPriority: ['topology.kubernetes.io/region', 'rack=7', 'disk'] });
    const all = [
      at('eu/a', { rack: '7', disk: 'ssd' }),
      at('eu/b', { rack: '7', disk: 'hdd' }),
      at('eu/c', { rack: '8', disk: 'ssd' }),
      at('us/a', { rack: '7', disk: 'ssd' }),
    ];
    expect(priorities(all, use, client('eu/x', { disk: 'ssd' }))).toEqual({
      'eu/a': 0,
      'eu/b': 1,
      'eu/c': 2,
      'us/a': 3,
    });
  });

  it('orders by labels first and by regions then, where both are written', () => {
    const use = failover({ failoverPriority: ['disk'], failover: [{ from: 'eu', to: 'us' }] });
    const all = [at('asia', { disk: 'ssd' }), at('us', { disk: 'ssd' }), at('eu', { disk: 'hdd' })];
    expect(priorities(all, use, client('eu', { disk: 'ssd' }))).toEqual({ us: 0, asia: 1, eu: 2 });
  });

  it('leaves out endpoints that finish what they have, since they would count as ill', () => {
    const leaving = at('eu/a');
    const draining = { ...leaving, plan: { ...leaving.plan, health: 'draining' as const } };
    expect(balanceLocalities([draining, at('eu/b')], failover(), client('eu/a')).endpoints).toHaveLength(1);
  });

  it('never skips a priority and never loses an endpoint', () => {
    const locality = fc.constantFrom('', 'eu', 'eu/a', 'eu/a/1', 'eu/b', 'us/a', 'us/b/1');
    const labels = fc.record({ disk: fc.constantFrom('ssd', 'hdd') });
    const settings = fc.record({
      failover: fc.subarray([{ from: 'eu', to: 'us' }]),
      failoverPriority: fc.subarray(['disk', 'disk=ssd', 'topology.kubernetes.io/zone']),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(locality, labels)), settings, locality, labels, (list, rules, place, own) => {
        const endpoints = list.map(([where, what]) => at(where, what));
        const { endpoints: found } = balanceLocalities(endpoints, failover(rules), client(place, own));
        const used = [...new Set(found.map(({ priority }) => priority ?? 0))].sort((a, b) => a - b);
        expect(found).toHaveLength(endpoints.length);
        expect(used).toEqual(used.map((_, index) => index));
      }),
    );
  });
});

describe('shares of traffic by locality', () => {
  it('are those of the first rule that the client’s locality matches; others get nothing', () => {
    const all = [at('eu/a'), at('eu/b'), at('us/a')];
    const use = distribute({ from: 'eu/a/*', to: { 'eu/a/*': 80, 'eu/b/*': 20 } }, { from: '*', to: { 'us/*': 100 } });
    const fromEu = balanceLocalities(all, use, client('eu/a/1'));
    expect(fromEu.localityWeights).toEqual({ 'eu/a': 80, 'eu/b': 20 });
    expect(fromEu.endpoints.map(({ address }) => address)).toEqual(['eu/a', 'eu/b']);
    expect(balanceLocalities(all, use, client('asia')).localityWeights).toEqual({ 'us/a': 100 });
  });

  it('are divided by the weight of the endpoints where one pattern matches several localities', () => {
    const all = [at('eu/a', {}, 3), at('eu/b'), at('us')];
    const use = distribute({ from: '*', to: { eu: 80, us: 20 } });
    expect(balanceLocalities(all, use, client('us')).localityWeights).toEqual({ 'eu/a': 60, 'eu/b': 20, us: 20 });
  });

  it('are nobody’s when no rule is for the client', () => {
    const use = distribute({ from: 'eu', to: { eu: 100 } });
    expect(balanceLocalities([at('us')], use, client('us'))).toEqual({ endpoints: [at('us').plan] });
  });
});

describe('whether localities count', () => {
  it('needs outlier detection for failover, as nothing else finds out who is ill', () => {
    const ofMesh = { ...NONE, enabled: true };
    expect(localityUse({}, ofMesh)).toEqual({ kind: 'none' });
    expect(localityUse({ outlierDetection: {} }, ofMesh)).toMatchObject({ kind: 'failover' });
    expect(localityUse({ outlierDetection: {} }, undefined)).toEqual({ kind: 'none' });
  });

  it('is for a policy to switch off, or to say in place of the mesh', () => {
    const off = { loadBalancer: { locality: { ...NONE, enabled: false } }, outlierDetection: {} };
    expect(localityUse(off, { ...NONE, enabled: true })).toEqual({ kind: 'none' });
    const shares = { loadBalancer: { locality: { ...NONE, distribute: [{ from: '*', to: { eu: 100 } }] } } };
    expect(localityUse(shares, undefined)).toMatchObject({ kind: 'distribute' });
  });

  it('weighs localities against each other only where a rule speaks of them', () => {
    expect(weighsLocalities(failover())).toBe(false);
    expect(weighsLocalities(failover({ failoverPriority: ['disk'] }))).toBe(true);
    expect(weighsLocalities(distribute({ from: '*', to: {} }))).toBe(true);
    expect(weighsLocalities({ kind: 'none' })).toBe(false);
  });
});
