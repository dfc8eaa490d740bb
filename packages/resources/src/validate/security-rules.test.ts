import { describe, expect, test } from 'vitest';
import { findKindByName } from '../kinds/registry.ts';
import type { Resource } from '../resource.ts';
import { validateObject } from './validate-resource.ts';

const fieldsOf = (kind: string, spec: object, version = 'v1') => {
  const resource: Resource = {
    apiVersion: `security.istio.io/${version}`,
    kind,
    metadata: { namespace: 'default', name: 'a' },
    spec,
  };
  return validateObject(resource).map(({ severity, field }) => `${severity} ${field?.replace('spec.', '')}`);
};

describe('AuthorizationPolicy', () => {
  const policy = (spec: object) => fieldsOf('AuthorizationPolicy', spec);
  const rule = (one: object) => policy({ rules: [one] });

  test('of Istio’s documentation is valid in both versions', () => {
    const spec = {
      selector: { matchLabels: { app: 'httpbin' } },
      action: 'ALLOW',
      rules: [
        {
          from: [
            { source: { principals: ['cluster.local/ns/default/sa/sleep'] } },
            { source: { namespaces: ['test'] } },
          ],
          to: [{ operation: { methods: ['GET'], paths: ['/info*', '/a/{*}/{**}'], ports: ['80'] } }],
          when: [{ key: 'request.auth.claims[iss]', values: ['https://accounts.google.com'] }],
        },
      ],
    };
    expect(policy(spec)).toEqual([]);
    expect(fieldsOf('AuthorizationPolicy', spec, 'v1beta1')).toEqual([]);
    expect(policy({})).toEqual([]);
    expect(rule({})).toEqual([]);
  });

  test.each<[object, string]>([
    [{ action: 'DENY' }, 'rules'],
    [{ action: 'CUSTOM', rules: [{}] }, 'provider.name'],
    [{ action: 'CUSTOM', provider: { name: '' }, rules: [{}] }, 'provider.name'],
    [{ provider: { name: 'a' } }, 'provider'],
    [{ action: 'PERMIT' }, 'action'],
    [{ selector: { matchLabels: { app: 'a*' } } }, 'selector.matchLabels.app'],
    [{ targetRefs: [{ kind: 'Pod', name: 'a' }] }, 'targetRefs[0].kind'],
  ])('%j is refused at the field', (spec, field) => {
    expect(policy(spec)).toEqual([`error ${field}`]);
  });

  test('that names a target of another namespace is warned of: it is for nobody', () => {
    const targetRef = { kind: 'Service', name: 'a', namespace: 'b' };
    expect(policy({ targetRef })).toEqual(['warning targetRef.namespace']);
  });

  test('is for a selector or for targets, not for both', () => {
    expect(policy({ selector: {}, targetRefs: [{ kind: 'Service', name: 'a' }] })).toHaveLength(1);
    expect(policy({ targetRefs: [{ kind: 'Service', name: 'a' }] })).toEqual([]);
  });

  test.each<[object, string]>([
    [{ from: [] }, 'from'],
    [{ from: [{}] }, 'from[0].source'],
    [{ from: [{ source: { principals: [] } }] }, 'from[0].source'],
    [{ from: [{ source: { principals: [''] } }] }, 'from[0].source.principals[0]'],
    [{ from: [{ source: { ipBlocks: ['10.0.0.0/8', '10.0.0.0/40'] } }] }, 'from[0].source.ipBlocks[1]'],
    [{ from: [{ source: { notRemoteIpBlocks: ['here'] } }] }, 'from[0].source.notRemoteIpBlocks[0]'],
    [{ from: [{ source: { serviceAccounts: ['a/b/c'] } }] }, 'from[0].source.serviceAccounts[0]'],
    [{ from: [{ source: { serviceAccounts: ['a'], notPrincipals: ['b'] } }] }, 'from[0].source.serviceAccounts'],
    [{ to: [{ operation: {} }] }, 'to[0].operation'],
    [{ to: [{ operation: { ports: ['70000'] } }] }, 'to[0].operation.ports[0]'],
    [{ to: [{ operation: { notPorts: ['http'] } }] }, 'to[0].operation.notPorts[0]'],
    [{ to: [{ operation: { paths: ['/{**}/{*}'] } }] }, 'to[0].operation.paths[0]'],
    [{ to: [{ operation: { notPaths: ['/{id}'] } }] }, 'to[0].operation.notPaths[0]'],
    [{ when: [{ key: 'source.mood', values: ['a'] }] }, 'when[0].key'],
    [{ when: [{ key: 'request.headers', values: ['a'] }] }, 'when[0].key'],
    [{ when: [{ key: 'source.ip', values: ['a'] }] }, 'when[0].values[0]'],
    [{ when: [{ key: 'destination.port', notValues: ['-1'] }] }, 'when[0].notValues[0]'],
    [{ when: [{ key: 'source.principal' }] }, 'when[0]'],
  ])('a rule with %j is refused at the field', (one, field) => {
    expect(rule(one)).toEqual([`error rules[0].${field}`]);
  });

  test('that asks a provider looks at no identities', () => {
    const custom = (one: object) => policy({ action: 'CUSTOM', provider: { name: 'a' }, rules: [one] });
    expect(custom({ to: [{ operation: { paths: ['/a'] } }] })).toEqual([]);
    expect(custom({ from: [{ source: { notNamespaces: ['a'] } }] })).toEqual([
      'error rules[0].from[0].source.notNamespaces',
    ]);
    expect(custom({ when: [{ key: 'request.auth.claims[a]', values: ['b'] }] })).toEqual([
      'error rules[0].when[0].key',
    ]);
  });

  test('is known by its short name, as are the others', () => {
    expect(findKindByName('ap')?.kind).toBe('AuthorizationPolicy');
    expect(findKindByName('ra')?.kind).toBe('RequestAuthentication');
  });
});

describe('RequestAuthentication', () => {
  const rule = (one: object) => fieldsOf('RequestAuthentication', { jwtRules: [one] });
  const jwks = '{"keys":[{"kty":"RSA"}]}';

  test.each([
    { issuer: 'https://a', jwks },
    { issuer: 'a@b', jwksUri: 'https://a/keys', timeout: '3s' },
    { jwksUri: 'http://a/keys', fromHeaders: [{ name: 'x', prefix: 'Bearer ' }] },
    { issuer: 'a', outputClaimToHeaders: [{ header: 'x-a', claim: 'a' }], spaceDelimitedClaims: ['a'] },
  ])('with a rule %j is valid in both versions', (one) => {
    expect(rule(one)).toEqual([]);
    expect(fieldsOf('RequestAuthentication', { jwtRules: [one] }, 'v1beta1')).toEqual([]);
  });

  test.each<[object, string]>([
    [{}, '.issuer'],
    [{ issuer: 'a', jwks: 'keys' }, '.jwks'],
    [{ issuer: 'a', jwks: '{"keys":[]}' }, '.jwks'],
    [{ issuer: 'a', jwks, jwksUri: 'https://a' }, ''],
    [{ issuer: 'a', jwksUri: 'file:///a' }, '.jwksUri'],
    [{ issuer: 'a', audiences: [''] }, '.audiences[0]'],
    [{ issuer: 'a', fromParams: [''] }, '.fromParams[0]'],
    [{ issuer: 'a', fromHeaders: [{}] }, '.fromHeaders[0].name'],
    [{ issuer: 'a', outputClaimToHeaders: [{ header: 'a b', claim: 'c' }] }, '.outputClaimToHeaders[0].header'],
    [{ issuer: 'a', timeout: 'long' }, '.timeout'],
  ])('with a rule %j is refused at the field', (one, field) => {
    const [found, ...others] = rule(one);
    expect(others).toEqual([]);
    expect(found).toContain(`error jwtRules[0]${field}`);
  });
});
