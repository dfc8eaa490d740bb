import type { AuthorizationPlan, AuthorizationPolicyPlan } from '../plan.ts';

/** A plan without policies that are only tried (dry run): those are counted and refuse nobody. */
export function enforced({ external, deny, allow }: AuthorizationPlan): Omit<AuthorizationPlan, 'audit'> {
  const sets = allow.map((set) => set.filter(isEnforced)).filter((set) => set.length > 0);
  const asking = external?.policies.filter(isEnforced) ?? [];
  return {
    ...(external === undefined || asking.length === 0 ? {} : { external: { ...external, policies: asking } }),
    deny: deny.filter(isEnforced),
    allow: sets,
  };
}

function isEnforced({ isDryRun }: AuthorizationPolicyPlan): boolean {
  return isDryRun !== true;
}
