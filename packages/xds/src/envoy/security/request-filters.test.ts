import { expect, test } from 'vitest';
import { allow, deny, is, policy, provider, rule, ruleWhen } from '../../control-plane/testing/security.ts';
import { TokenIssuer } from '../../control-plane/testing/tokens.ts';
import { ResourceView } from '../../view/resource-view.ts';
import { jsonOf, valuesOf } from '../testing/json-of.ts';
import { SECURITY_FILTERS, securityConfigs } from './request-filters.ts';

const names = SECURITY_FILTERS.map(({ name }) => name);

test('requests pass authentication, CUSTOM, AUDIT, DENY and ALLOW, in this order (Istio)', () => {
  expect(names).toEqual([
    'envoy.filters.http.jwt_authn',
    'envoy.filters.http.rbac.external',
    'envoy.filters.http.ext_authz',
    'envoy.filters.http.rbac.audit',
    'envoy.filters.http.rbac.deny',
    'envoy.filters.http.rbac.allow-1',
    'envoy.filters.http.rbac.allow-2',
  ]);
  expect(securityConfigs(undefined).map(({ type, name }) => `${type} ${name}`)).toEqual(
    names.map((name) => `ECDS ${name}`),
  );
});

test('of whom nothing is asked has the same objects as everybody else, and what changes is the filter that it is about', () => {
  const idle = securityConfigs(undefined);
  expect(securityConfigs({})).toEqual(idle);
  expect(securityConfigs({}).every((resource, index) => resource === idle[index])).toBe(true);
  const plan = deny(ruleWhen(is('path', { exact: '/a' })));
  const changed = securityConfigs(plan).filter((resource, index) => resource !== idle[index]);
  expect(changed.map(({ name }) => name)).toEqual(['envoy.filters.http.rbac.deny']);
  expect(securityConfigs(plan)).toBe(securityConfigs(plan));
  expect(securityConfigs({ ...plan }, true)).not.toBe(securityConfigs(plan));
});

test('a policy of ALLOW without rules is one that lets nobody in, and one of DENY without rules is none', () => {
  const [, , , , denying, allowing] = securityConfigs({
    authorization: { deny: [policy()], allow: [[policy()]], audit: [] },
  });
  expect(denying).toBe(securityConfigs(undefined)[4]);
  expect(allowing === undefined ? [] : valuesOf(jsonOf(allowing), 'rules')).toEqual([{}]);
});

test('a route is chosen again after a token only where claims choose it', () => {
  const plan = { authentication: { providers: [provider(new TokenIssuer('https://a.example'))] }, ...allow(rule()) };
  const clears = (routesByClaims: boolean) =>
    securityConfigs(plan, routesByClaims).flatMap((resource) => valuesOf(jsonOf(resource), 'clear_route_cache'));
  expect([clears(false), clears(true)]).toEqual([[], [true]]);
});

test('a key set of which Envoy understands nothing has the key that nobody has', () => {
  const { keys: _, ...unknown } = provider(new TokenIssuer('https://a.example'));
  const [tokens] = securityConfigs({ authentication: { providers: [unknown] } });
  const [source] = tokens === undefined ? [] : (valuesOf(jsonOf(tokens), 'inline_string') as string[]);
  expect(JSON.parse(source ?? '')).toMatchObject({ keys: [{ kty: 'EC', kid: 'nobody' }] });
});

test('what every proxy has in its own view is encoded once for all of them', () => {
  const upserts = new Map(securityConfigs(undefined).map(({ name, message }) => [name, message]));
  const [first, second] = ['a', 'b'].map((owner) => {
    const view = new ResourceView({ name: owner, owner });
    view.update({ type: 'ECDS', upserts });
    return [...upserts.keys()].map((name) => view.get('ECDS', name));
  });
  expect(first).toHaveLength(7);
  expect(first?.every((resource, index) => resource !== undefined && resource === second?.[index])).toBe(true);
});
