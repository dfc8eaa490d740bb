import { create } from '@bufbuild/protobuf';
import { type AuthorizationRule, type Condition, ipFamily, parseRange, type TokenProvider } from '@meshwise/model';
import { RBACSchema } from '../../gen/envoy/config/rbac/v3/rbac_pb.js';
import { memoise } from '../envoy/memoise.ts';
import { policiesOf } from '../envoy/security/policies.ts';
import { providerOf } from '../envoy/security/token-providers.ts';
import { brokenRules } from '../validate/proto-rules.ts';

/** What is wrong with a condition and can be said without an Envoy; undefined: nothing. Expressions are asked about. */
export const flawOf = memoise((condition: Condition): string | undefined => {
  if (condition.of === 'source-ip' || condition.of === 'remote-ip' || condition.of === 'destination-ip') {
    const wrong = [...condition.anyOf, ...condition.noneOf].find((range) => !isRange(range));
    return wrong === undefined ? undefined : `${JSON.stringify(wrong)} is no range of addresses`;
  }
  const { origin } = NOWHERE;
  const rules: readonly AuthorizationRule[] = [{ from: [], to: [], when: [condition], origin }];
  const policies = policiesOf([{ name: 'a/b', rules, origin }], { grants: true });
  const [rule] = brokenRules(create(RBACSchema, { policies: { ...policies } }));
  return rule?.problem;
});

const NOWHERE = { origin: { resource: { group: '', kind: '', namespace: '', name: '' } } };

export const flawOfProvider = memoise((provider: TokenProvider): string | undefined => {
  const [rule] = brokenRules(providerOf(provider, false));
  return rule === undefined ? undefined : `${rule.field}: ${rule.problem}`;
});

function isRange(text: string): boolean {
  return text.includes('/') ? parseRange(text) !== undefined : ipFamily(text) !== undefined;
}
