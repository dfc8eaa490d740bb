import { create } from '@bufbuild/protobuf';
import type { AuthorizationPlan, AuthorizationPolicyPlan } from '@meshwise/model';
import { RBAC_Action as Action, type RBAC, RBACSchema } from '../../../gen/envoy/config/rbac/v3/rbac_pb.js';
import { conjunction, type Policies, policiesOf } from './policies.ts';

/** Rules of one RBAC filter, of requests or connections alike. */
export interface AccessRules {
  readonly rules?: RBAC;
  /** Evaluated and reported, not enforced. */
  readonly shadowRules?: RBAC;
  readonly shadowRulesStatPrefix?: string;
}

/** Istio's names: whoever reads statistics and logs knows them. */
const DRY_RUN_ALLOW = 'istio_dry_run_allow_';
const DRY_RUN_DENY = 'istio_dry_run_deny_';
const DRY_RUN_AUDIT = 'istio_dry_run_audit_';
const EXTERNAL = 'istio_ext_authz_';

/** Which policy asks for the external authorizer, in the metadata of the filter before it, and how such policies are called. */
export const EXTERNAL_POLICY_KEY = `${EXTERNAL}shadow_effective_policy_id`;
export const EXTERNAL_POLICY_PREFIX = 'istio-ext-authz-';

/** What finds out whether an external authorizer is to be asked. */
export function externalRules({ external }: AuthorizationPlan): AccessRules | undefined {
  const policies = policiesOf(external?.policies.filter(isEnforced) ?? [], {
    grants: false,
    namePrefix: EXTERNAL_POLICY_PREFIX,
  });
  if (isEmpty(policies)) return undefined;
  return { shadowRules: rbac(Action.DENY, policies), shadowRulesStatPrefix: EXTERNAL };
}

/** Marks requests for access logs (`envoy.common`, `access_log_hint`), and lets all of them pass. */
export function auditRules({ audit }: AuthorizationPlan): AccessRules | undefined {
  return matchingRules(audit, Action.LOG, DRY_RUN_AUDIT);
}

export function denyRules({ deny }: AuthorizationPlan): AccessRules | undefined {
  return matchingRules(deny, Action.DENY, DRY_RUN_DENY);
}

/** Policies without rules do nothing here, and are as good as absent. */
function matchingRules(
  plans: readonly AuthorizationPolicyPlan[],
  action: Action,
  dryRunPrefix: string,
): AccessRules | undefined {
  const enforced = policiesOf(plans.filter(isEnforced), { grants: false });
  const tried = policiesOf(plans.filter(isTried), { grants: false });
  return accessRules(
    isEmpty(enforced) ? undefined : rbac(action, enforced),
    isEmpty(tried) ? undefined : rbac(action, tried),
    dryRunPrefix,
  );
}

/**
 * The sets of those who are let in, in as many filters as there are: each set has to let in, so those that are left for the
 * last filter become one, of what all of them let in. A policy without rules lets nobody in.
 */
export function allowRules({ allow }: AuthorizationPlan, filters: number): readonly AccessRules[] {
  const sets = allow.filter((set) => set.length > 0);
  const single = sets.slice(0, filters - 1).map((set) => [set]);
  const last = sets.slice(filters - 1);
  return [...single, last].flatMap((group) => {
    const printed = (ofSet: (plan: AuthorizationPolicyPlan) => boolean) =>
      group
        .map((set) => set.filter(ofSet))
        .filter((set) => set.length > 0)
        .map((set) => policiesOf(set, { grants: true }));
    const [enforced, tried] = [printed(isEnforced), printed(isTried)];
    const rules = accessRules(
      enforced.length === 0 ? undefined : rbac(Action.ALLOW, conjunction(enforced)),
      tried.length === 0 ? undefined : rbac(Action.ALLOW, conjunction(tried)),
      DRY_RUN_ALLOW,
    );
    return rules ?? [];
  });
}

function accessRules(
  rules: RBAC | undefined,
  shadowRules: RBAC | undefined,
  shadowRulesStatPrefix: string,
): AccessRules | undefined {
  if (rules === undefined && shadowRules === undefined) return undefined;
  return {
    ...(rules === undefined ? {} : { rules }),
    ...(shadowRules === undefined ? {} : { shadowRules, shadowRulesStatPrefix }),
  };
}

function isEnforced({ isDryRun }: AuthorizationPolicyPlan): boolean {
  return isDryRun !== true;
}

function isTried(plan: AuthorizationPolicyPlan): boolean {
  return !isEnforced(plan);
}

function isEmpty(policies: Policies): boolean {
  return Object.keys(policies).length === 0;
}

function rbac(action: Action, policies: Policies): RBAC {
  return create(RBACSchema, { action, policies: { ...policies } });
}
