import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { HashPolicy } from '@meshwise/model';
import {
  type RouteAction_HashPolicy,
  RouteAction_HashPolicySchema,
} from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { durationOf } from './packing.ts';

type Specifier = NonNullable<MessageInitShape<typeof RouteAction_HashPolicySchema>['policySpecifier']>;

/** What a consistent-hash balancer is given of each request. */
export function hashPolicies(policies: readonly HashPolicy[] = []): RouteAction_HashPolicy[] {
  return policies.map((policy) => create(RouteAction_HashPolicySchema, { policySpecifier: specifier(policy) }));
}

function specifier(policy: HashPolicy): Specifier {
  switch (policy.kind) {
    case 'header':
      return { case: 'header', value: { headerName: policy.name } };
    case 'query-parameter':
      return { case: 'queryParameter', value: { name: policy.name } };
    case 'source-address':
      return { case: 'connectionProperties', value: { sourceIp: true } };
    case 'cookie':
      return {
        case: 'cookie',
        value: {
          name: policy.name,
          path: policy.path ?? '',
          attributes: (policy.attributes ?? []).map(({ name, value }) => ({ name, value })),
          ...(policy.ttlMs === undefined ? {} : { ttl: durationOf(policy.ttlMs) }),
        },
      };
  }
}
