import type { HttpPortPlan, OutboundPlan } from '@meshwise/model';
import { describe, expect, test } from 'vitest';
import { captureResources, destinationResources } from './outbound-view.ts';
import { outsideOf } from './outside.ts';
import { jsonOf, valuesOf } from './testing/json-of.ts';
import { unknownPolicy } from './unknown-destinations.ts';

const origin = { resource: { group: '', kind: 'Service', namespace: 'default', name: 'a' } };
const httpPort: HttpPortPlan = { port: 80, virtualHosts: [{ name: 'a:80', domains: ['a'], routes: [], origin }] };
const plan: OutboundPlan = {
  scope: 'sidecar/default',
  httpPorts: [httpPort],
  tcpListeners: [],
  clusters: [],
  endpoints: [],
  dns: [],
};
const outside = outsideOf({ ownRanges: ['10.96.0.0/16'], networkNamespacePath: '/run/netns/host' });
const routes = (changes: Partial<OutboundPlan>) =>
  captureResources({ ...plan, ...changes }, outside)
    .filter(({ type }) => type === 'VHDS')
    .map(jsonOf)
    .filter(({ domains }) => (domains as string[]).includes('*'));

describe('hosts that nothing knows', () => {
  test('are passed on, but not to ranges that mean something else outside', () => {
    const [host] = routes({ unknownDestinations: 'pass-through' });
    expect(host).toMatchObject({ name: '80/allow_any' });
    expect(valuesOf(host, 'regex')).toEqual(['(0\\.|127\\.|169\\.254\\.|10\\.96\\.).*']);
    expect(valuesOf(host, 'cluster')).toEqual(['PassthroughCluster']);
  });

  test('get 502 where they are refused, and stay unanswered where nobody says anything', () => {
    expect(routes({ unknownDestinations: 'refuse' })).toMatchObject([{ name: '80/block_all' }]);
    expect(routes({})).toEqual([]);
  });

  test('belong to a virtual host for all hosts where there is one', () => {
    const all = { ...httpPort, virtualHosts: [{ name: 'any:80', domains: ['*'], routes: [], origin }] };
    expect(routes({ unknownDestinations: 'pass-through', httpPorts: [all] })).toMatchObject([{ name: '80/any:80' }]);
  });
});

test('clusters outside connect from the namespace that has a way out, and no others', () => {
  const cluster = (name: string, isExternal?: boolean) => ({
    ...{ name, host: name, port: 80, protocol: 'http' as const, tls: { mode: 'plain' as const }, origin },
    ...(isExternal === undefined ? {} : { isExternal }),
  });
  const printed = destinationResources({ ...plan, clusters: [cluster('in'), cluster('out', true)] }, outside);
  const leaving = printed.filter((resource) => valuesOf(jsonOf(resource), 'network_namespace_filepath').length > 0);
  expect(leaving.map(({ name }) => name)).toEqual(['PassthroughCluster', 'out']);
});

test('equal policies are one object, so that what is printed for them is, too', () => {
  const again = outsideOf({ ownRanges: ['10.96.0.0/16'] });
  expect(unknownPolicy({ unknownDestinations: 'refuse' }, outside)).toBe(
    unknownPolicy({ unknownDestinations: 'refuse' }, again),
  );
});
