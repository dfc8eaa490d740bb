import { expect, test } from 'vitest';
import type { AuthorizationPolicyPlan, AuthorizationRule, Condition, SecurityPlan } from '../plan/security.ts';
import { forBytes } from './for-bytes.ts';

const origin = {
  resource: { group: 'security.istio.io', kind: 'AuthorizationPolicy', namespace: 'default', name: 'a' },
};
const who: Condition = { of: 'principal', anyOf: [{ exact: 'cluster.local/ns/default/sa/a' }], noneOf: [] };
const port: Condition = { of: 'destination-port', anyOf: [3306], noneOf: [] };
const get: Condition = { of: 'method', anyOf: [{ exact: 'GET' }], noneOf: [] };
const claim: Condition = { of: 'claim', path: ['group'], anyOf: [{ exact: 'admin' }], noneOf: [] };

const rule = (changes: Partial<AuthorizationRule>): AuthorizationRule => ({
  from: [],
  to: [],
  when: [],
  origin,
  ...changes,
});
const policy = (...rules: AuthorizationRule[]): AuthorizationPolicyPlan => ({ name: 'default/a', rules, origin });
const plan = (changes: Partial<NonNullable<SecurityPlan['authorization']>>): SecurityPlan => ({
  authorization: { deny: [], allow: [], audit: [], ...changes },
});

test('a rule that allows requests of a kind allows no connection, the others as before (001-78)', () => {
  const kept = rule({ from: [[who]], to: [[port]] });
  const asks = [
    rule({ from: [[who]], to: [[get]] }),
    rule({ from: [[who], [claim]] }),
    rule({ when: [claim] }),
    rule({ to: [[port], [get]] }),
  ];
  const narrowed = forBytes(plan({ allow: [[policy(kept, ...asks)]] }));
  expect(narrowed.authorization?.allow).toEqual([[policy(kept)]]);
});

test('a rule that refuses requests of a kind refuses every connection that it fits otherwise', () => {
  const wide = rule({ from: [[who, claim]], to: [[port, get]], when: [claim, port] });
  const expected = policy(rule({ from: [[who]], to: [[port]], when: [port] }));
  const authorizer = { name: 'opa', cluster: 'c', protocol: 'grpc' as const };
  const narrowed = forBytes(
    plan({ deny: [policy(wide)], audit: [policy(wide)], external: { authorizer, policies: [policy(wide)] } }),
  );
  expect(narrowed.authorization).toEqual({
    external: { authorizer, policies: [expected] },
    deny: [expected],
    audit: [expected],
    allow: [],
  });
});

test('tokens come with requests only, and what is not about requests stays the same object', () => {
  const bare = plan({ deny: [policy(rule({ from: [[who]] }))] });
  expect(forBytes(bare)).toBe(bare);
  expect(forBytes({ ...bare, authentication: { providers: [] } })).toEqual(bare);
  expect(forBytes({})).toEqual({});
});
