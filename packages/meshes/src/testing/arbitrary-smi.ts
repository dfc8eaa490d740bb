import type { Resource } from '@meshwise/resources';
import * as fc from 'fast-check';
import { age } from './resources.ts';
import { httpRouteGroup, tcpRoute, trafficSplit, trafficTarget } from './smi.ts';

/** The same few names as elsewhere, so that splits meet services and each other, and targets accounts that somebody has. */
const namespace = fc.constantFrom('default', 'shop');
const name = fc.constantFrom('a', 'b', 'c');
const id = fc.tuple(namespace, name).map(([ns, own]) => `${ns}/${own}`);

const splits = fc
  .record({
    id,
    service: name,
    weights: fc.dictionary(name, fc.nat(2), { minKeys: 1, maxKeys: 3 }),
    groups: fc.constantFrom(undefined, ['a'], ['b', 'c']),
    created: fc.nat(3),
  })
  .map(({ id: own, service, weights, groups, created }) =>
    trafficSplit(own, service, weights, { ...(groups === undefined ? {} : { groups }), meta: age(created) }),
  );

const groups = fc
  .tuple(id, fc.constantFrom<object>({ pathRegex: '/a' }, { methods: ['GET'] }, { headers: { 'x-a': 'b' } }, {}))
  .map(([own, match]) => httpRouteGroup(own, { name: 'm', ...match }));

const routes = fc.tuple(id, fc.subarray([80, 90, 8080])).map(([own, ports]) => tcpRoute(own, ...ports));

const rule = fc
  .tuple(fc.constantFrom('HTTPRouteGroup', 'TCPRoute'), name, fc.constantFrom(undefined, ['m'], ['n']))
  .map(([kind, own, matches]) => ({ kind, name: own, ...(matches === undefined ? {} : { matches }) }));
const targets = fc
  .tuple(id, fc.constantFrom('default', 'x'), fc.subarray(['x', 'shop/y']), fc.array(rule, { maxLength: 2 }))
  .map(([own, account, sources, rules]) => trafficTarget(own, account, sources, rules));

const namespaces = fc
  .tuple(fc.constantFrom('default', 'shop', 'istio-system'), fc.constantFrom('deny', 'allow', undefined))
  .map(
    ([own, access]): Resource => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: own, labels: access === undefined ? {} : { 'meshwise.dev/traffic-access': access } },
    }),
  );

export const anySmi: fc.Arbitrary<Resource> = fc.oneof(splits, targets, groups, routes, namespaces);
