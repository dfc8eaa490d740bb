import type { AuthorizationPolicyPlan, MutualTlsMode, Protocol, SecurityPlan } from '../plan.ts';
import { type Carried, carriedBy, securityFor } from './carried.ts';
import type { Facts } from './conditions.ts';
import { allowedWords, type DecidingRule } from './decide.ts';
import { enforced } from './enforced.ts';
import { factsOfClient, type KnownClient } from './known-client.ts';
import { tryRule } from './rules.ts';
import { type AccessCondition, type AccessSummary, type ConditionalRule, conditionsWords } from './summary.ts';
import { ruleWords } from './words.ts';

/** A port as far as access to it goes. */
export interface GuardedPort {
  readonly port: number;
  readonly protocol: Protocol;
  readonly mutualTls: MutualTlsMode;
  readonly security?: SecurityPlan;
}

/** What a client may do at a port; asked for many clients, what depends on the port alone is done once. */
export type Summariser = (client: KnownClient) => AccessSummary;

const ALLOWED: AccessSummary = { verdict: 'allowed', reason: 'no policy is for it', by: [], conditions: [] };
const NOT_IN_PLAIN: AccessSummary = { verdict: 'refused', reason: 'it takes mutual TLS only', by: [], conditions: [] };

/**
 * What holds for every request of a client, whatever its method, path, headers or token. It never says too much: what it
 * calls allowed `decide` allows, and what it calls refused `decide` refuses.
 */
export function summariser(port: GuardedPort): Summariser {
  const [first = () => ALLOWED, second] = carriedBy(port.protocol).map((carried) => ofCarried(port, carried));
  return (client) => {
    if (port.mutualTls === 'strict' && client.kind === 'plain') return NOT_IN_PLAIN;
    return second === undefined ? first(client) : both(first(client), second(client));
  };
}

export function summarise(port: GuardedPort, client: KnownClient): AccessSummary {
  return summariser(port)(client);
}

function ofCarried({ security = {}, port, mutualTls }: GuardedPort, carried: Carried): Summariser {
  const { authentication, authorization } = securityFor(security, carried);
  if (authorization === undefined) return () => ALLOWED;
  const { deny, allow, external } = enforced(authorization);
  const hasTokens = (authentication?.providers ?? []).some(({ keys }) => keys !== undefined);
  const sets = allow.map((set) => ({ set, closed: closedBy(set) }));
  return (client) => {
    const facts = factsOfClient(mutualTls === 'disable' ? { kind: 'plain' } : client, { port, carried, hasTokens });
    const denied = tried(deny, facts);
    const [denying] = denied.holding;
    if (denying !== undefined)
      return { verdict: 'refused', reason: `${denying.policy} denies it`, by: denied.holding, conditions: [] };
    const allowed: Tried[] = [];
    for (const { set, closed } of sets) {
      const found = tried(set, facts);
      if (found.holding.length === 0 && found.open.length === 0) return closed;
      allowed.push(found);
    }
    const asked = tried(external?.policies ?? [], facts);
    const askedRules = [...asked.holding.map((rule) => ({ ...rule, words: 'any request' })), ...asked.open];
    const conditions: AccessCondition[] = [
      ...allowed.flatMap(({ holding, open }) =>
        holding.length > 0 ? [] : [{ needs: 'one-of' as const, rules: open }],
      ),
      ...(denied.open.length === 0 ? [] : [{ needs: 'none-of' as const, rules: denied.open }]),
      ...(askedRules.length === 0
        ? []
        : [{ needs: 'asks' as const, rules: askedRules, authorizer: external?.authorizer.name ?? '' }]),
    ];
    const by = [
      ...allowed.flatMap(({ holding }) => holding),
      ...conditions.flatMap(({ rules }) => rules.map(deciding)),
    ];
    if (conditions.length > 0) return { verdict: 'some', reason: conditionsWords(conditions), by, conditions };
    return { verdict: 'allowed', reason: allowedWords(by), by, conditions };
  };
}

/** What is said where no rule of a set can hold. */
function closedBy(set: readonly AuthorizationPolicyPlan[]): AccessSummary {
  const by = set.map(({ name, origin }) => ({ policy: name, origin }));
  const reason = `no rule of ${by.map(({ policy }) => policy).join(' or ')} allows it`;
  return { verdict: 'refused', reason, by, conditions: [] };
}

interface Tried {
  readonly holding: readonly DecidingRule[];
  /** May hold, by what a request is like. */
  readonly open: readonly ConditionalRule[];
}

function tried(policies: readonly AuthorizationPolicyPlan[], facts: Facts): Tried {
  const holding: DecidingRule[] = [];
  const open: ConditionalRule[] = [];
  for (const { name, rules } of policies) {
    for (const rule of rules) {
      const outcome = tryRule(rule, facts);
      if (outcome === true) holding.push({ policy: name, origin: rule.origin });
      else if (outcome !== false) open.push({ policy: name, origin: rule.origin, words: ruleWords(outcome) });
    }
  }
  return { holding, open };
}

function deciding({ policy, origin }: ConditionalRule): DecidingRule {
  return { policy, origin };
}

/** A port that shows by its first bytes what it carries is open or closed when it is for both. */
function both(http: AccessSummary, bytes: AccessSummary): AccessSummary {
  if (http.verdict === bytes.verdict && http.verdict !== 'some') return { ...http, by: [...http.by, ...bytes.by] };
  const conditions = [...asConditions(http, 'http'), ...asConditions(bytes, 'bytes')];
  return { verdict: 'some', reason: conditionsWords(conditions), by: [...http.by, ...bytes.by], conditions };
}

function asConditions({ verdict, by, conditions }: AccessSummary, carried: Carried): readonly AccessCondition[] {
  if (verdict === 'refused')
    return [{ needs: 'none-of', carried, rules: by.map((rule) => ({ ...rule, words: 'any request' })) }];
  return conditions.map((condition) => ({ ...condition, carried }));
}
