import { expect, test } from 'vitest';
import { RouteAction_HashPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { hashPolicies } from './hash-policies.ts';
import { messageJson } from './testing/json-of.ts';

test.each([
  [{ kind: 'header', name: 'x-user' }, { header: { header_name: 'x-user' } }],
  [{ kind: 'query-parameter', name: 'user' }, { query_parameter: { name: 'user' } }],
  [{ kind: 'source-address' }, { connection_properties: { source_ip: true } }],
  [{ kind: 'cookie', name: 'user' }, { cookie: { name: 'user' } }],
  [
    { kind: 'cookie', name: 'user', path: '/', ttlMs: 0, attributes: [{ name: 'Secure', value: '' }] },
    { cookie: { name: 'user', path: '/', ttl: '0s', attributes: [{ name: 'Secure' }] } },
  ],
] as const)('%j is hashed by as %j', (plan, expected) => {
  expect(hashPolicies([plan]).map((policy) => messageJson(RouteAction_HashPolicySchema, policy))).toEqual([expected]);
});
