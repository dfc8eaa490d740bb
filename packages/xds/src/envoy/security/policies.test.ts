import { create } from '@bufbuild/protobuf';
import type { AuthorizationPolicyPlan, AuthorizationRule, Condition, PathMatch, TextMatch } from '@meshwise/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RBACSchema } from '../../../gen/envoy/config/rbac/v3/rbac_pb.js';
import { account, is, policy, rule, ruleWhen } from '../../control-plane/testing/security.ts';
import { brokenRules } from '../../validate/proto-rules.ts';
import { messageJson, valuesOf } from '../testing/json-of.ts';
import { conjunction, type Policies, policiesOf } from './policies.ts';

const json = (policies: Policies) =>
  messageJson(RBACSchema, create(RBACSchema, { policies: { ...policies } }))['policies'] as Record<string, unknown>;
const printed = (...rules: readonly AuthorizationRule[]) => policiesOf([policy(...rules)], { grants: true });

test('policies have the names that Istio gives them', () => {
  const named = (name: string): AuthorizationPolicyPlan => ({ ...policy(rule(), rule()), name });
  const plans = [named('shop/viewer'), named('TrafficTarget shop/a.b')];
  expect(Object.keys(policiesOf(plans, { grants: true, namePrefix: 'istio-ext-authz-' }))).toEqual([
    'istio-ext-authz-ns[shop]-policy[viewer]-rule[0]',
    'istio-ext-authz-ns[shop]-policy[viewer]-rule[1]',
    'istio-ext-authz-TrafficTarget-ns[shop]-policy[a.b]-rule[0]',
    'istio-ext-authz-TrafficTarget-ns[shop]-policy[a.b]-rule[1]',
  ]);
});

test('no rule takes the place of another, whatever they are called', () => {
  const twice = [policy(rule()), policy(rule())].map((one) => ({ ...one, name: 'a/b' }));
  expect(Object.keys(policiesOf(twice, { grants: false }))).toHaveLength(2);
});

test('a rule is one policy unless an alternative asks of the caller and of what is called', () => {
  const get = is('method', { exact: 'GET' });
  const port: Condition = { of: 'destination-port', anyOf: [80], noneOf: [] };
  const apart = printed(rule({ from: [[account('a')], [get]], to: [[get], [port]], when: [account('b'), port] }));
  expect(Object.values(apart)).toHaveLength(1);
  const [one] = Object.values(json(apart));
  expect(valuesOf(one, 'principals')).toMatchObject([[{}, {}]]);
  const mixed = printed(rule({ from: [[account('a'), port], [account('b')]], to: [[get], [account('c')]] }));
  expect(Object.values(mixed)).toHaveLength(4);
});

test('a conjunction of sets has every pair, and with a set of nothing it is nothing', () => {
  const sets = [printed(rule(), rule()), printed(rule(), rule(), rule())];
  expect(Object.values(conjunction(sets))).toHaveLength(6);
  expect(conjunction([...sets, {}])).toEqual({});
});

const text: fc.Arbitrary<TextMatch> = fc.oneof(
  fc.string().map((exact) => ({ exact })),
  fc.string().map((prefix) => ({ prefix })),
  fc.string().map((suffix) => ({ suffix })),
  fc.constant<TextMatch>({ present: true }),
  fc.constant<TextMatch>({ regex: 'a+' }),
);
const path: fc.Arbitrary<PathMatch> = fc.oneof(
  text,
  fc.string().map((tail) => ({ template: `/{*}/{**}/${tail}` })),
);
const alternatives = <T>(value: fc.Arbitrary<T>) => ({
  anyOf: fc.array(value, { maxLength: 3 }),
  noneOf: fc.array(value, { maxLength: 3 }),
});
const cidr = fc.constantFrom('10.0.0.0/8', '10.1.2.3', '2001:db8::/32');
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    of: fc.constantFrom(
      ...(['principal', 'namespace', 'service-account', 'request-principal', 'audience'] as const),
      ...(['presenter', 'host', 'method', 'server-name'] as const),
    ),
    ...alternatives(text),
  }),
  fc.record({ of: fc.constant('path' as const), ...alternatives(path) }),
  fc.record({ of: fc.constant('header' as const), name: fc.constant('x-a'), ...alternatives(text) }),
  fc.record({ of: fc.constant('claim' as const), path: fc.constant(['a', 'b']), ...alternatives(text) }),
  fc.record({ of: fc.constantFrom('source-ip', 'remote-ip', 'destination-ip'), ...alternatives(cidr) }),
  fc.record({ of: fc.constant('destination-port' as const), ...alternatives(fc.integer({ min: 1, max: 65_535 })) }),
  fc.record({
    of: fc.constant('metadata' as const),
    filter: fc.constant('f'),
    path: fc.constant(['a']),
    ...alternatives(text),
  }),
);
const conditions = fc.array(condition, { maxLength: 3 });
const rules = fc
  .record({
    from: fc.array(conditions, { maxLength: 2 }),
    to: fc.array(conditions, { maxLength: 2 }),
    when: conditions,
  })
  .map((parts) => rule(parts));

test('whatever a plan asks for keeps the rules of Envoy’s schemas', () => {
  let policies = 0;
  fc.assert(
    fc.property(fc.array(rules, { maxLength: 3 }), fc.boolean(), (list, grants) => {
      const all = policiesOf([policy(...list)], { grants });
      policies += Object.keys(all).length;
      for (const set of [all, conjunction([all, printed(ruleWhen(account('a')))])]) {
        expect(brokenRules(create(RBACSchema, { policies: { ...set } }))).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
  expect(policies).toBeGreaterThan(100);
});
