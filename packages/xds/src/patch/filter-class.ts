import type { PatchFilterClass } from '@meshwise/model';

/** Filters that say who a caller is, and those that say what he may do. */
const AUTHENTICATION = /jwt_authn|oauth2|istio_authn|basic_auth|api_key_auth/;
const AUTHORISATION = /rbac|ext_authz/;
const STATISTICS = /stats/;

/**
 * Where a filter of a class goes (Istio, EnvoyFilter `filterClass`): behind the filters of authentication, behind those
 * of authorisation, before statistics; and always before the router, which is the last.
 */
export function placeOf(filterClass: PatchFilterClass, filters: readonly { readonly name: string }[]): number {
  const last = Math.max(0, filters.length - 1);
  if (filterClass === 'STATS') {
    const at = filters.findIndex(({ name }) => STATISTICS.test(name));
    return at === -1 ? last : at;
  }
  const before =
    filterClass === 'AUTHN' ? AUTHENTICATION : new RegExp(`${AUTHENTICATION.source}|${AUTHORISATION.source}`);
  return Math.min(last, filters.findLastIndex(({ name }) => before.test(name)) + 1);
}
