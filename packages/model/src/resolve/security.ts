import { compareText } from '../model/item.ts';
import type { AuthorizationItem, TokenPolicyItem } from '../model/security.ts';
import type { AuthorizationPlan, AuthorizationPolicyPlan, SecurityPlan } from '../plan.ts';
import type { ProxyDescriptor, ServedWorkload } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { Authentications } from './authentication.ts';
import { isAsked, nameOf, type OwnAuthorization } from './authorization.ts';
import { GATEWAY_NAME_LABEL } from './class-gateways.ts';
import type { ResolveContext } from './context.ts';
import { isFor, type PolicySubject, placesFor } from './policy-places.ts';

/** What a dialect allows at workloads of an account; undefined where it says nothing, and so restricts nobody. */
export type AllowSet = (namespace: string, serviceAccount: string) => readonly AuthorizationPolicyPlan[] | undefined;

export interface Securities {
  /** What is asked of whoever calls a workload, or comes to a gateway. Workloads outside the mesh ask for nothing. */
  of(proxy: ProxyDescriptor, workload?: ServedWorkload): { readonly security?: SecurityPlan };
  /** The subject that a proxy is to policies. */
  subjectOf(proxy: ProxyDescriptor): PolicySubject;
  authorizationsFor(subject: PolicySubject): readonly AuthorizationItem[];
  tokenPoliciesFor(subject: PolicySubject): readonly TokenPolicyItem[];
}

export interface SecurityParts {
  readonly authentication: Authentications;
  readonly authorization: Query<[namespace: string, names: string], OwnAuthorization>;
  /** Of dialects beside Istio's; each set has to allow. */
  readonly allowSets: readonly AllowSet[];
}

/**
 * Which policies of security hold for a proxy: those of the root namespace and of its own, without selector or with one
 * that selects it, and those for the Gateway it is run for. All of them hold; the nearer ones do not win (Istio).
 */
export function defineSecurities(context: ResolveContext, parts: SecurityParts): Securities {
  const { engine, items, settings } = context;
  const { authentication, authorization, allowSets } = parts;

  const found = <P extends AuthorizationItem | TokenPolicyItem>(
    list: (place: string) => readonly P[],
    subject: PolicySubject,
  ): readonly P[] => {
    const all = placesFor(subject, settings.rootNamespace).flatMap(list);
    return [...new Set(all)]
      .filter((policy) => isFor(policy, subject))
      .sort((a, b) => compareText(nameOf(a), nameOf(b)));
  };
  const authorizationsFor = (subject: PolicySubject) =>
    found((place) => items.list('authorizationByPlace', place), subject);
  const tokenPoliciesFor = (subject: PolicySubject) =>
    found((place) => items.list('tokenPolicyByPlace', place), subject);

  /**
   * Proxies with the same policies share one plan, whatever their labels are: what tells them apart besides is '' where it
   * makes no difference.
   */
  const planFor = engine.query(
    'security',
    (policies: string, tokens: string, asksFrom: string, account: string): SecurityPlan | undefined => {
      const own = authorization(asksFrom, policies);
      const [namespace = '', name = ''] = account.split('/', 2);
      const others = account === '' ? [] : allowSets.map((allowed) => allowed(namespace, name) ?? []);
      const allow = [own.allow, ...others].filter(({ length }) => length > 0);
      const plan: AuthorizationPlan = { ...own, allow };
      const tokenPlan = authentication.planOf(tokens);
      const isSilent =
        plan.external === undefined && [plan.deny, allow, plan.audit].every(({ length }) => length === 0);
      if (isSilent && tokenPlan === undefined) return undefined;
      return {
        ...(tokenPlan === undefined ? {} : { authentication: tokenPlan }),
        ...(isSilent ? {} : { authorization: plan }),
      };
    },
  );

  const subjectOf = ({ role, namespace, labels }: ProxyDescriptor): PolicySubject => {
    const gateway = role === 'gateway' ? labels[GATEWAY_NAME_LABEL] : undefined;
    const gatewayClass =
      gateway === undefined ? undefined : items.list('classGateway', `${namespace}/${gateway}`)[0]?.className;
    return { namespace, labels, ...(gatewayClass === undefined ? {} : { gatewayClass }) };
  };

  /** The account of a workload of which another dialect says something. */
  const restrictedAccount = (workload: ServedWorkload | undefined): string => {
    if (workload === undefined) return '';
    const { namespace, serviceAccount } = workload;
    const isSaid = allowSets.some((allowed) => allowed(namespace, serviceAccount) !== undefined);
    return isSaid ? `${namespace}/${serviceAccount}` : '';
  };

  return {
    authorizationsFor,
    tokenPoliciesFor,
    subjectOf,
    of(proxy, workload) {
      if (proxy.role === 'node') return {};
      const subject = workload ?? subjectOf(proxy);
      const policies = authorizationsFor(subject);
      const tokens = tokenPoliciesFor(subject).map(nameOf).join(' ');
      const asksFrom = policies.some(isAsked) ? subject.namespace : '';
      const security = planFor(policies.map(nameOf).join(' '), tokens, asksFrom, restrictedAccount(workload));
      return security === undefined ? {} : { security };
    },
  };
}
