import type { AuthorizationItem } from '../model/security.ts';
import type { AuthorizationRule } from '../plan.ts';
import type { Residue } from '../provenance.ts';
import type { MutualTls } from './mutual-tls.ts';

const IDENTITIES: readonly string[] = ['principal', 'namespace', 'service-account'];

/**
 * What a policy that looks at the identities of clients cannot know: those in plain text have none. Where mutual TLS is
 * switched off nobody has; where it is not required, whoever is to be kept out by name comes in without one.
 */
export function identityRemarks(policy: AuthorizationItem, mutualTls: MutualTls): readonly Residue[] {
  const { action, rules, targets, namespace, selector } = policy;
  // What comes to a gateway has the TLS of the gateway.
  if (targets !== undefined || rules.length === 0) return [];
  const { mode } = mutualTls.modesOf(namespace, selector ?? {});
  if (mode === 'strict') return [];
  return rules.flatMap((rule) => {
    const message = mode === 'disable' ? whereNobodyHasOne(rule) : whereSomeHaveNone(rule, action);
    if (message === undefined) return [];
    return [{ origin: rule.origin, severity: 'info' as const, message: `${rule.origin.field}: ${message}` }];
  });
}

function whereNobodyHasOne(rule: AuthorizationRule): string | undefined {
  if (!asks(rule, 'anyOf')) return undefined;
  return 'it asks who the client is, and mutual TLS is switched off there: nobody has an identity, and it never matches';
}

function whereSomeHaveNone(rule: AuthorizationRule, action: AuthorizationItem['action']): string | undefined {
  const passesBy =
    action === 'deny' ? asks(rule, 'anyOf') : action === 'allow' && asks(rule, 'noneOf') && !asks(rule, 'anyOf');
  if (!passesBy) return undefined;
  return 'clients in plain text have no identity and are not kept out by it, unless a PeerAuthentication is STRICT';
}

function asks({ from, when }: AuthorizationRule, list: 'anyOf' | 'noneOf'): boolean {
  return [...from.flat(), ...when].some((condition) => IDENTITIES.includes(condition.of) && condition[list].length > 0);
}
