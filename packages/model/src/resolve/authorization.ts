import type { AuthorizationItem } from '../model/security.ts';
import type { AuthorizationPlan, AuthorizationPolicyPlan } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { Authorizers } from './authorizers.ts';
import type { ResolveContext } from './context.ts';

/** Everything but the sets that allow, which are one for each dialect. */
export type OwnAuthorization = Omit<AuthorizationPlan, 'allow'> & {
  readonly allow: readonly AuthorizationPolicyPlan[];
};

/**
 * What AuthorizationPolicies ask together (Istio): all of those that are for a proxy hold, by their actions. `names` are
 * `namespace/name`, separated by spaces; proxies with the same policies have the same plan, object for object.
 */
export function defineAuthorization(
  { engine, items }: ResolveContext,
  authorizers: Authorizers,
): Query<[namespace: string, names: string], OwnAuthorization> {
  const policyOf = engine.query('authorizationPolicy', (name: string): AuthorizationPolicyPlan => {
    const [item] = items.list('authorization', name);
    if (item === undefined) throw new RangeError(`No such AuthorizationPolicy: ${name}`);
    const { rules, isDryRun, origin } = item;
    return { name, rules, ...(isDryRun === true ? { isDryRun } : {}), origin };
  });

  const externalOf = (namespace: string, policies: readonly AuthorizationItem[]) => {
    const [first] = policies;
    if (first === undefined) return {};
    const problem = severalProviders(policies);
    const authorizer = problem === undefined ? authorizers.resolve(first.provider ?? '', namespace) : { problem };
    const plans = policies.map((policy) => policyOf(nameOf(policy)));
    // Nobody is asked, so nobody is let in: whoever asked for a check must not go without one.
    return 'problem' in authorizer ? { refuses: plans } : { external: { authorizer, policies: plans } };
  };

  return engine.query('authorization', (namespace: string, names: string): OwnAuthorization => {
    const all = names === '' ? [] : names.split(' ').flatMap((name) => items.list('authorization', name).slice(0, 1));
    const plans = (action: AuthorizationItem['action']) =>
      all.filter((policy) => policy.action === action).map((policy) => policyOf(nameOf(policy)));
    const { external, refuses = [] } = externalOf(namespace, all.filter(isAsked));
    return {
      ...(external === undefined ? {} : { external }),
      deny: [...refuses, ...plans('deny')],
      allow: plans('allow'),
      audit: plans('audit'),
    };
  });
}

/** Whether somebody is asked because of a policy; there is no trying that. */
export function isAsked({ action, isDryRun }: AuthorizationItem): boolean {
  return action === 'external' && isDryRun !== true;
}

/** Why the policies of one workload cannot be carried out together: one provider is possible for each (Istio). */
export function severalProviders(policies: readonly AuthorizationItem[]): string | undefined {
  const names = [...new Set(policies.filter(isAsked).map(({ provider }) => provider ?? ''))];
  return names.length <= 1
    ? undefined
    : `several providers (${names.join(', ')}), of which one is possible for a workload`;
}

export function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
