import type { AuthorizationPolicyPlan, MutualTlsMode, SecurityPlan } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import { securityFor } from './carried.ts';
import type { Facts } from './conditions.ts';
import { enforced } from './enforced.ts';
import { type AccessRequest, factsOfRequest } from './request.ts';
import { tryRule } from './rules.ts';
import { tokenOutcome } from './tokens.ts';
import type { Truth } from './truth.ts';

/** The policy and rule that decided. */
export interface DecidingRule {
  readonly policy: string;
  /** Of the rule; of the policy where none of its rules was the reason. */
  readonly origin: Origin;
}

/**
 * What becomes of a request. `asked`: nothing here refuses it, and an external authorizer has the last word. `unknown`:
 * it depends on something that only the proxy can tell, as metadata of a filter.
 */
export interface Decision {
  readonly verdict: 'allowed' | 'refused' | 'asked' | 'unknown';
  /** In words: why. */
  readonly reason: string;
  /** What the client sees when it is refused; `closed`: its connection ends. */
  readonly status?: 401 | 403 | 'closed';
  /** Empty where no policy is the reason. */
  readonly by: readonly DecidingRule[];
}

/**
 * What a server does with one request, in the order in which Envoy asks (Istio, AuthorizationPolicy): is the connection
 * as it has to be, is the token good, does an external authorizer agree, does a policy deny it, does every set allow it.
 */
export function decide(security: SecurityPlan | undefined, mutualTls: MutualTlsMode, sent: AccessRequest): Decision {
  if (mutualTls === 'strict' && sent.principal === undefined)
    return refused('closed', 'the server takes mutual TLS only, and this is plain text', []);
  const request = mutualTls === 'disable' ? asPlain(sent) : sent;
  const { http } = request;
  const { authentication, authorization } = securityFor(security ?? {}, http === undefined ? 'bytes' : 'http');
  const outcome = http === undefined ? { claims: undefined } : tokenOutcome(authentication, http.token);
  if ('status' in outcome) return refused(outcome.status, outcome.reason, []);
  if (authorization === undefined) return { verdict: 'allowed', reason: 'no policy is for it', by: [] };

  const plan = enforced(authorization);
  const facts = factsOfRequest(request, outcome.claims);
  const status = http === undefined ? 'closed' : 403;
  const denied = firstThat(plan.deny, facts);
  if (denied.holds === true) return refused(status, `${denied.by.policy} denies it`, [denied.by]);
  const sets = plan.allow.map((set) => ({ set, allowed: firstThat(set, facts) }));
  const closed = sets.find(({ allowed }) => allowed.holds === false);
  if (closed !== undefined) {
    const names = closed.set.map(({ name }) => name);
    const by = closed.set.map(({ name, origin }) => ({ policy: name, origin }));
    return refused(status, `no rule of ${names.join(' or ')} allows it`, by);
  }
  const open = [denied, ...sets.map(({ allowed }) => allowed)].find(({ holds }) => holds === 'unknown');
  if (open?.holds === 'unknown')
    return { verdict: 'unknown', reason: `whether ${open.by.policy} holds only the proxy can tell`, by: [open.by] };
  const by = sets.flatMap(({ allowed }) => (allowed.holds === true ? [allowed.by] : []));
  const asked = firstThat(plan.external?.policies ?? [], facts);
  if (asked.holds !== false) {
    const name = plan.external?.authorizer.name ?? '';
    return { verdict: 'asked', reason: `${name} is asked about it, as ${asked.by.policy} says`, by: [asked.by, ...by] };
  }
  return { verdict: 'allowed', reason: allowedWords(by), by };
}

/** Also for a summary. */
export function allowedWords(by: readonly DecidingRule[]): string {
  const names = [...new Set(by.map(({ policy }) => policy))];
  if (names.length === 0) return 'no policy refuses it';
  return `${names.join(' and ')} ${names.length === 1 ? 'allows' : 'allow'} it`;
}

function refused(status: Decision['status'] & {}, reason: string, by: readonly DecidingRule[]): Decision {
  return { verdict: 'refused', reason, status, by };
}

/** A server that takes no mutual TLS learns of nobody who he is. */
function asPlain({ principal: _, ...rest }: AccessRequest): AccessRequest {
  return rest;
}

type Found = { readonly holds: false } | { readonly holds: Exclude<Truth, false>; readonly by: DecidingRule };

/** The first rule that holds, else the first that might. */
function firstThat(policies: readonly AuthorizationPolicyPlan[], facts: Facts): Found {
  let open: Found = { holds: false };
  for (const { name, rules } of policies) {
    for (const rule of rules) {
      const outcome = tryRule(rule, facts);
      if (outcome === true) return { holds: true, by: { policy: name, origin: rule.origin } };
      if (outcome !== false && open.holds === false)
        open = { holds: 'unknown', by: { policy: name, origin: rule.origin } };
    }
  }
  return open;
}
