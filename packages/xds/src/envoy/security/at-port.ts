import type { AuthorizationPolicyPlan, AuthorizationRule, Condition, SecurityPlan } from '@meshwise/model';

/**
 * A plan as it is for one port: rules for others are gone, and what is left does not ask for the port. A change of rules
 * for another port then changes nothing here. The plan itself where it never asks for a port.
 */
export function atPort(plan: SecurityPlan, port: number): SecurityPlan {
  const { authorization } = plan;
  if (authorization === undefined) return plan;
  const { external, deny, audit, allow } = authorization;
  const all = [...(external?.policies ?? []), ...deny, ...audit, ...allow.flat()];
  if (!all.some(({ rules }) => rules.some(asksForPort))) return plan;
  const here = (policy: AuthorizationPolicyPlan): AuthorizationPolicyPlan => ({
    ...policy,
    rules: policy.rules.flatMap((rule) => ruleAt(rule, port) ?? []),
  });
  return {
    ...plan,
    authorization: {
      ...(external === undefined ? {} : { external: { ...external, policies: external.policies.map(here) } }),
      deny: deny.map(here),
      audit: audit.map(here),
      allow: allow.map((set) => set.map(here)),
    },
  };
}

/** Undefined: it never holds at this port. */
export function ruleAt({ from, to, when, origin }: AuthorizationRule, port: number): AuthorizationRule | undefined {
  const sources = alternativesAt(from, port);
  const targets = alternativesAt(to, port);
  const always = conditionsAt(when, port);
  if (sources === undefined || targets === undefined || always === undefined) return undefined;
  return { from: sources, to: targets, when: always, origin };
}

/** Undefined: none of them holds at this port. */
function alternativesAt(alternatives: readonly (readonly Condition[])[], port: number) {
  const left = alternatives.flatMap((conditions) => {
    const here = conditionsAt(conditions, port);
    return here === undefined ? [] : [here];
  });
  return left.length === 0 && alternatives.length > 0 ? undefined : left;
}

function conditionsAt(conditions: readonly Condition[], port: number): readonly Condition[] | undefined {
  const others = conditions.filter(({ of }) => of !== 'destination-port');
  return conditions.every((condition) => condition.of !== 'destination-port' || holdsAt(condition, port))
    ? others
    : undefined;
}

function holdsAt({ anyOf, noneOf }: Extract<Condition, { of: 'destination-port' }>, port: number): boolean {
  return (anyOf.length === 0 || anyOf.includes(port)) && !noneOf.includes(port);
}

export function asksForPort({ from, to, when }: AuthorizationRule): boolean {
  return [...from, ...to, when].some((conditions) => conditions.some(({ of }) => of === 'destination-port'));
}
