import type {
  AuthorizationPlan,
  AuthorizationPolicyPlan,
  AuthorizationRule,
  Condition,
  SecurityPlan,
} from '../plan/security.ts';

/** What only requests have; connections have the rest as well. */
const OF_REQUESTS: ReadonlySet<Condition['of']> = new Set([
  'request-principal',
  'audience',
  'presenter',
  'claim',
  'host',
  'method',
  'path',
  'header',
]);

/**
 * What a plan means for connections whose bytes nobody reads (Istio, AuthorizationPolicy, on TCP): a rule that allows and
 * asks for anything of a request never holds, and rules that refuse, report or ask somebody count as if they did not ask for
 * it. Tokens come with requests, so there are none. The plan itself where nothing of it is about requests.
 */
export function forBytes(plan: SecurityPlan): SecurityPlan {
  const { authentication, authorization, ...rest } = plan;
  const narrowed = authorization === undefined ? undefined : bytesOnly(authorization);
  if (authentication === undefined && narrowed === authorization) return plan;
  return { ...rest, ...(narrowed === undefined ? {} : { authorization: narrowed }) };
}

function bytesOnly(plan: AuthorizationPlan): AuthorizationPlan {
  const { external, deny, audit, allow } = plan;
  const everything = [...(external?.policies ?? []), ...deny, ...audit, ...allow.flat()];
  if (!everything.some(({ rules }) => rules.some(asksOfRequests))) return plan;
  return {
    ...(external === undefined ? {} : { external: { ...external, policies: external.policies.map(widened) } }),
    deny: deny.map(widened),
    audit: audit.map(widened),
    allow: allow.map((set) => set.map(narrowed)),
  };
}

function narrowed(policy: AuthorizationPolicyPlan): AuthorizationPolicyPlan {
  return { ...policy, rules: policy.rules.filter((rule) => !asksOfRequests(rule)) };
}

function widened(policy: AuthorizationPolicyPlan): AuthorizationPolicyPlan {
  const rest = (conditions: readonly Condition[]) => conditions.filter((condition) => !isOfRequests(condition));
  const rules = policy.rules.map((rule) =>
    asksOfRequests(rule) ? { ...rule, from: rule.from.map(rest), to: rule.to.map(rest), when: rest(rule.when) } : rule,
  );
  return { ...policy, rules };
}

function isOfRequests({ of }: Condition): boolean {
  return OF_REQUESTS.has(of);
}

function asksOfRequests({ from, to, when }: AuthorizationRule): boolean {
  return [...from, ...to, when].some((conditions) => conditions.some(isOfRequests));
}
