import type {
  AuthorizationPlan,
  AuthorizationPolicyPlan,
  AuthorizationRule,
  Condition,
  ExternalAuthorizer,
  TextMatch,
  TokenProvider,
} from '@meshwise/model';
import { origin } from './plans.ts';
import type { TokenIssuer } from './tokens.ts';

/** Security plans of tests, complete where a test says nothing. */
export function rule(changes: Partial<AuthorizationRule> = {}): AuthorizationRule {
  return { from: [], to: [], when: [], origin: origin('AuthorizationPolicy'), ...changes };
}

/** A rule that asks for all of this. */
export function ruleWhen(...when: readonly Condition[]): AuthorizationRule {
  return rule({ when });
}

let policies = 0;

export function policy(...rules: readonly AuthorizationRule[]): AuthorizationPolicyPlan {
  policies += 1;
  return { name: `default/policy-${policies}`, rules, origin: origin('AuthorizationPolicy') };
}

export function authorization(changes: Partial<AuthorizationPlan>): { readonly authorization: AuthorizationPlan } {
  return { authorization: { deny: [], allow: [], audit: [], ...changes } };
}

export const allow = (...rules: readonly AuthorizationRule[]) => authorization({ allow: [[policy(...rules)]] });
export const deny = (...rules: readonly AuthorizationRule[]) => authorization({ deny: [policy(...rules)] });

/** What conditions ask for a text of, and nothing else. */
type TextField = Exclude<
  Condition['of'],
  'header' | 'claim' | 'metadata' | 'source-ip' | 'remote-ip' | 'destination-ip' | 'destination-port'
>;

/** A condition of one kind, of which more can be said. */
export type ConditionOf<Kind extends Condition['of']> = Extract<Condition, { readonly of: Kind }>;

/** A condition with alternatives. */
export function is(of: TextField, ...anyOf: readonly TextMatch[]): Condition {
  return { of, anyOf, noneOf: [] };
}

export function isNot(of: TextField, ...noneOf: readonly TextMatch[]): Condition {
  return { of, anyOf: [], noneOf };
}

export function account(serviceAccount: string): Condition {
  return is('principal', { exact: `cluster.local/ns/default/sa/${serviceAccount}` });
}

export function provider(issuer: TokenIssuer, changes: Partial<TokenProvider> = {}): TokenProvider {
  return {
    name: issuer.issuer,
    issuer: issuer.issuer,
    audiences: [],
    keys: issuer.keys(),
    fromHeaders: [],
    fromParameters: [],
    fromCookies: [],
    claimHeaders: [],
    origin: origin('RequestAuthentication'),
    ...changes,
  };
}

export function authorizer(cluster: string, changes: Partial<ExternalAuthorizer> = {}): ExternalAuthorizer {
  return { name: 'authorizer', cluster, protocol: 'grpc', ...changes };
}
