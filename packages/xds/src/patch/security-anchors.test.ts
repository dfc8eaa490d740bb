import type { PatchPlan } from '@meshwise/model';
import { expect, test } from 'vitest';
import { SECURITY_FILTERS } from '../envoy/security/request-filters.ts';
import { apply, namesIn, patch, printed } from './testing/printed.ts';

const lua = {
  name: 'l',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
    default_source_code: { inline_string: '--' },
  },
};
const security = SECURITY_FILTERS.map(({ name }) => name);
const [tokens = '', ...access] = security;

/** The names of the security filters, with the new one among them. */
function order(operation: PatchPlan['operation'], anchor?: string, more: Partial<PatchPlan> = {}) {
  const subFilter = anchor === undefined ? {} : { subFilter: { name: anchor } };
  const filter = { name: 'envoy.filters.network.http_connection_manager', ...subFilter };
  const value = operation === 'REMOVE' ? {} : { value: lua };
  const one = patch('HTTP_FILTER', operation, { match: { listener: { filterChain: { filter } } }, ...value, ...more });
  const names = namesIn(apply(printed.otherInbound, [one]).json, 'http_filters') as readonly string[];
  return names.filter((name) => name === 'l' || security.includes(name));
}

test('EnvoyFilter filterClass AUTHN goes behind the tokens, AUTHZ behind all that says who may', () => {
  expect(order('INSERT_BEFORE', undefined, { filterClass: 'AUTHN' })).toEqual([tokens, 'l', ...access]);
  expect(order('INSERT_BEFORE', undefined, { filterClass: 'AUTHZ' })).toEqual([...security, 'l']);
});

test('EnvoyFilter subFilter envoy.filters.http.rbac is all of the filters that are Istio’s one', () => {
  const rbac = 'envoy.filters.http.rbac';
  expect(order('INSERT_BEFORE', rbac)).toEqual([tokens, 'l', ...access]);
  expect(order('INSERT_AFTER', rbac)).toEqual([...security, 'l']);
  expect(order('REMOVE', rbac)).toEqual([tokens, 'envoy.filters.http.ext_authz']);
});

test('EnvoyFilter subFilter knows the filters of tokens and of external authorizers by their names', () => {
  expect(order('INSERT_AFTER', 'envoy.filters.http.jwt_authn')).toEqual([tokens, 'l', ...access]);
  const at = security.indexOf('envoy.filters.http.ext_authz');
  expect(order('INSERT_BEFORE', 'envoy.filters.http.ext_authz')).toEqual(security.toSpliced(at, 0, 'l'));
});
