import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { forBytes, type SecurityPlan } from '@meshwise/model';
import { type Filter, FilterSchema } from '../../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { RBACSchema } from '../../../gen/envoy/extensions/filters/network/rbac/v3/rbac_pb.js';
import { memoise } from '../memoise.ts';
import { packed } from '../packing.ts';
import { type AccessRules, allowRules, auditRules, denyRules, externalRules } from './access-rules.ts';
import { atPort } from './at-port.ts';
import { askAboutConnections } from './external-authorizer.ts';

const RBAC = 'envoy.filters.network.rbac';
const EXTERNAL = 'envoy.filters.network.ext_authz';

/**
 * What stands in front of bytes at a port. They stand in the filter chain itself: a network filter keeps the configuration
 * it was made with for as long as its connection lives, also one that comes by ECDS, and only a chain that changes lets go
 * of its connections. Each port has the rules for itself, so that no other port's connections do.
 */
export function connectionFilters(plan: SecurityPlan | undefined, port: number): readonly Filter[] {
  if (plan?.authorization === undefined) return [];
  return atPortOf(plan)(port);
}

const atPortOf = memoise((plan: SecurityPlan) => {
  const byPort = new Map<number, readonly Filter[]>();
  return (port: number): readonly Filter[] => {
    const filters = byPort.get(port) ?? printed(atPort(forBytes(plan), port));
    byPort.set(port, filters);
    return filters;
  };
});

function printed({ authorization: plan }: SecurityPlan): readonly Filter[] {
  if (plan === undefined) return [];
  const question =
    plan.external === undefined || externalRules(plan) === undefined
      ? undefined
      : askAboutConnections(plan.external.authorizer, RBAC);
  return [
    ...(question === undefined ? [] : [...access(externalRules(plan)), filter(EXTERNAL, question)]),
    ...access(auditRules(plan)),
    ...access(denyRules(plan)),
    ...allowRules(plan, Number.POSITIVE_INFINITY).flatMap(access),
  ];
}

function access(rules: AccessRules | undefined): readonly Filter[] {
  // Required, and Istio's.
  return rules === undefined ? [] : [filter(RBAC, packed(RBACSchema, { ...rules, statPrefix: 'tcp.' }))];
}

function filter(name: string, typedConfig: Any): Filter {
  return create(FilterSchema, { name, configType: { case: 'typedConfig', value: typedConfig } });
}
