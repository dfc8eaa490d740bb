import { ManualClock } from '@meshwise/core';
import type { AuthorizationPolicyPlan, InboundPlan, SecurityPlan } from '@meshwise/model';
import { expect, test } from 'vitest';
import { inboundPort, loopbackWorkload, origin } from '../control-plane/testing/plans.ts';
import {
  account,
  allow,
  authorization,
  deny,
  is,
  policy,
  provider,
  rule,
  ruleWhen,
} from '../control-plane/testing/security.ts';
import { TokenIssuer } from '../control-plane/testing/tokens.ts';
import { type ScratchEnvoy, Verdicts } from '../validate/verdicts.ts';
import { Gate } from './gate.ts';
import { Screen } from './screen.ts';

const workload = loopbackWorkload({ name: 'a', podIp: '10.244.0.1', programIp: '127.0.0.9', tunnelSocketPath: '/t' });
const fussy: ScratchEnvoy = (bootstrap) =>
  Promise.resolve(
    Buffer.from(bootstrap).includes('bad') ? { status: 'refused', message: 'it is bad' } : { status: 'accepted' },
  );

function screen() {
  const gate = new Gate(new Verdicts(fussy, () => gate.advance(), new ManualClock()));
  const one = new Screen(gate, 'test');
  const show = (security: SecurityPlan | undefined): SecurityPlan | undefined => {
    const plan: InboundPlan = { workload, ports: [inboundPort(80)], ...(security === undefined ? {} : { security }) };
    return one.inbound([plan])[0]?.security;
  };
  const said = () => [...gate.residues().values()].flat().map(({ severity, message }) => `${severity}: ${message}`);
  return { show, said, settled: () => gate.verdicts.settled() };
}

const named = (name: string, ...rules: AuthorizationPolicyPlan['rules']): AuthorizationPolicyPlan => ({
  ...policy(...rules),
  name,
});
const path = (regex: string) => is('path', { regex });

test('a plan without anything doubtful, or with expressions that are right, is the very same', async () => {
  const { show, said, settled } = screen();
  const plain = deny(ruleWhen(is('path', { exact: '/a' })));
  expect(show(plain)).toBe(plain);
  const right = allow(ruleWhen(path('/a+')));
  show(right);
  await settled();
  expect(show(right)).toBe(right);
  expect(said()).toEqual([]);
});

test('a policy with an expression that Envoy refuses holds as before, and others change', async () => {
  const { show, said, settled } = screen();
  const good = named('n/a', ruleWhen(is('path', { exact: '/a' })));
  show(authorization({ deny: [good], allow: [[policy(rule())]] }));
  const wanted = authorization({
    deny: [named('n/a', { ...ruleWhen(path('bad')), origin: origin('AuthorizationPolicy', 'a', 'spec.rules[0]') })],
    allow: [],
  });
  expect(show(wanted)?.authorization?.deny).toEqual([good]);
  await settled();
  expect(show(wanted)?.authorization).toMatchObject({ deny: [good], allow: [] });
  expect(said()).toEqual([
    'invalid: spec.rules[0]: Envoy refuses path, so the policy holds as before, or shut: it is bad',
  ]);
  const other = named('n/a', ruleWhen(is('path', { exact: '/b' })));
  expect(show(authorization({ deny: [other] }))?.authorization?.deny).toEqual([other]);
  expect(said()).toEqual([]);
});

test('what never held before errs shut: rules that let in do not, and others refuse what fits the rest', async () => {
  const { show, settled } = screen();
  const rules = [ruleWhen(account('a'), path('bad')), ruleWhen(path('/good'))];
  const wanted = authorization({ deny: [policy(...rules)], allow: [[policy(...rules)]] });
  show(wanted);
  await settled();
  const plan = show(wanted)?.authorization;
  expect(plan?.deny[0]?.rules).toMatchObject([{ when: [account('a')] }, { when: [path('/good')] }]);
  expect(plan?.allow[0]?.[0]?.rules).toMatchObject([{ when: [path('/good')] }]);
});

test.each(['n/', 'TrafficTarget n/'])(
  'a door is not open while what lets in waits to take the place of %sold',
  async (kind) => {
    const { show, settled } = screen();
    const old = named(`${kind}old`, ruleWhen(account('a')));
    show(authorization({ allow: [[old]] }));
    const tried = { ...named(`${kind}tried`, rule()), isDryRun: true };
    const next = named(`${kind}next`, ruleWhen(path('/a+')));
    const wanted = authorization({ allow: [[next, tried]] });
    expect(show(wanted)?.authorization?.allow).toEqual([[tried, old]]);
    await settled();
    expect(show(wanted)).toBe(wanted);
  },
);

test('a door that was open to one dialect stays so while that waits', () => {
  const { show } = screen();
  const istio = named('n/a', ruleWhen(account('a')));
  show(authorization({ allow: [[istio]] }));
  const wanted = authorization({ allow: [[istio], [named('TrafficTarget n/a', ruleWhen(path('/a+')))]] });
  expect(show(wanted)?.authorization?.allow).toEqual([[istio], []]);
});

test('a policy that allows and becomes one that denies is another policy', async () => {
  const { show, settled } = screen();
  show(authorization({ allow: [[named('n/a', rule())]] }));
  const wanted = authorization({ deny: [named('n/a', ruleWhen(path('bad')), ruleWhen(path('/x')))] });
  // Until there is an answer nothing is refused that was not before.
  expect(show(wanted)?.authorization?.deny).toEqual([]);
  await settled();
  expect(show(wanted)?.authorization?.deny[0]?.rules).toMatchObject([{ when: [] }, { when: [path('/x')] }]);
});

test.each([
  ['a range of addresses', { of: 'source-ip', anyOf: ['10.0.0.0/33'], noneOf: [] }],
  ['an address', { of: 'remote-ip', anyOf: [], noneOf: ['nowhere'] }],
  ['a port', { of: 'destination-port', anyOf: [70_000], noneOf: [] }],
  ['the name of a header', { of: 'header', name: '', anyOf: [{ exact: 'a' }], noneOf: [] }],
  ['the name of metadata', { of: 'metadata', filter: '', path: [], anyOf: [{ exact: 'a' }], noneOf: [] }],
] as const)('%s that is none reaches no proxy', (_, condition) => {
  const { show, said } = screen();
  expect(show(allow(ruleWhen(condition)))?.authorization?.allow[0]?.[0]?.rules).toEqual([]);
  expect(said()).toHaveLength(1);
});

test('a provider of tokens that Envoy would refuse is one whose tokens are all bad', () => {
  const { show, said } = screen();
  const issuer = new TokenIssuer('https://a.example');
  // Clients may not say what these do, whatever else is wrong.
  const claimHeaders = [{ header: 'x-user', claim: 'sub' }];
  const payloadHeader = 'x-payload';
  const wrong = provider(issuer, {
    fromHeaders: [{ name: '' }],
    claimHeaders: [...claimHeaders, { header: '', claim: 'sub' }],
    payloadHeader,
  });
  expect(show({ authentication: { providers: [wrong, provider(issuer)] } })?.authentication?.providers).toMatchObject([
    { issuer: issuer.issuer, claimHeaders, payloadHeader, fromHeaders: [] },
    provider(issuer),
  ]);
  expect(said()).toHaveLength(1);
  expect(show({ authentication: { providers: [wrong] } })?.authentication?.providers[0]).not.toHaveProperty('keys');
});
