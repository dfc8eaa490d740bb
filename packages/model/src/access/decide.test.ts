import { describe, expect, it } from 'vitest';
import type { AuthorizationPlan, AuthorizationPolicyPlan, Condition, SecurityPlan } from '../plan.ts';
import { decide } from './decide.ts';
import type { AccessRequest, HttpAccessRequest } from './request.ts';
import { PROVIDER } from './testing/arbitrary-security.ts';

const origin = { resource: { group: 'security.istio.io', kind: 'AuthorizationPolicy', namespace: 'shop', name: 'x' } };
const policy = (name: string, ...when: readonly Condition[]): AuthorizationPolicyPlan => ({
  ...{ name, origin },
  rules: [{ from: [], to: [], when, origin: { ...origin, field: 'spec.rules[0]' } }],
});
const none: AuthorizationPolicyPlan = { name: 'shop/none', origin, rules: [] };
const plan = (parts: Partial<AuthorizationPlan>): SecurityPlan => ({
  authorization: { deny: [], allow: [], audit: [], ...parts },
});
const get: HttpAccessRequest = { method: 'GET', path: '/details/1?x=/admin', host: 'Details:9080', headers: {} };
const web = 'cluster.local/ns/shop/sa/web';
const asked = (security: SecurityPlan | undefined, request: Partial<AccessRequest> = {}) =>
  decide(security, 'permissive', { principal: web, port: 9080, http: get, ...request });
const verdictOf = (condition: Condition, http: Partial<HttpAccessRequest> = {}, rest: Partial<AccessRequest> = {}) =>
  asked(plan({ allow: [[policy('shop/p', condition)]] }), { ...rest, http: { ...get, ...http } }).verdict;
const is = (of: 'method' | 'path' | 'host' | 'namespace' | 'service-account' | 'principal', match: { exact: string }) =>
  ({ of, anyOf: [match], noneOf: [] }) as const;

describe('the order in which is asked (000-35)', () => {
  it('nobody in plain text is heard where mutual TLS is strict, whatever the policies say', () => {
    expect(decide(undefined, 'strict', { port: 80, http: get })).toMatchObject({
      verdict: 'refused',
      status: 'closed',
    });
  });

  it('a bad token is refused before any policy is looked at, and no token is none', () => {
    const security = { ...plan({ deny: [policy('shop/all')] }), authentication: { providers: [PROVIDER] } };
    const bad = asked(security, { http: { ...get, token: { bad: 'its signature is wrong' } } });
    expect(bad).toMatchObject({ status: 401, reason: 'its token is not good: its signature is wrong' });
    expect(asked(security)).toMatchObject({ status: 403 });
  });

  it('what denies comes before what allows', () => {
    const found = asked(plan({ deny: [policy('shop/no')], allow: [[policy('shop/yes')]] }));
    expect(found).toEqual({
      ...{ verdict: 'refused', status: 403, reason: 'shop/no denies it' },
      by: [{ policy: 'shop/no', origin: { ...origin, field: 'spec.rules[0]' } }],
    });
  });

  it('every set has to allow, and names who could have', () => {
    const found = asked(plan({ allow: [[policy('shop/yes')], [none]] }));
    expect(found).toMatchObject({
      verdict: 'refused',
      reason: 'no rule of shop/none allows it',
      by: [{ policy: 'shop/none' }],
    });
    expect(asked(plan({ allow: [[none, policy('shop/yes')], [policy('smi')]] }))).toMatchObject({
      verdict: 'allowed',
      reason: 'shop/yes and smi allow it',
    });
  });

  it('an external authorizer has the last word on what nothing here refuses', () => {
    const authorizer = { name: 'opa', cluster: 'opa', protocol: 'grpc' as const };
    const external = { authorizer, policies: [policy('shop/ask', is('method', { exact: 'GET' }))] };
    expect(asked(plan({ external }))).toMatchObject({ verdict: 'asked', by: [{ policy: 'shop/ask' }] });
    expect(asked(plan({ external }), { http: { ...get, method: 'POST' } }).verdict).toBe('allowed');
    expect(asked(plan({ external, deny: [policy('shop/no')] })).verdict).toBe('refused');
  });

  it('what is audited or only tried changes nothing', () => {
    expect(asked(plan({ audit: [policy('a')], deny: [{ ...policy('b'), isDryRun: true }] })).verdict).toBe('allowed');
  });

  it('a server without mutual TLS learns of nobody who he is', () => {
    const security = plan({ allow: [[policy('shop/web', is('principal', { exact: web }))]] });
    expect(asked(security).verdict).toBe('allowed');
    expect(decide(security, 'disable', { principal: web, port: 80, http: get }).verdict).toBe('refused');
  });
});

describe('a condition', () => {
  it.each<[string, Condition, Partial<HttpAccessRequest>, Partial<AccessRequest>, string]>([
    ['path without its query', is('path', { exact: '/details/1' }), {}, {}, 'allowed'],
    ['path by template', { of: 'path', anyOf: [{ template: '/{*}/1' }], noneOf: [] }, {}, {}, 'allowed'],
    ['one segment, not two', { of: 'path', anyOf: [{ template: '/{*}' }], noneOf: [] }, {}, {}, 'refused'],
    [
      'any number of segments',
      { of: 'path', anyOf: [{ template: '/{**}/1' }], noneOf: [] },
      { path: '/a/b/1' },
      {},
      'allowed',
    ],
    ['host in any case', is('host', { exact: 'DETAILS:9080' }), {}, {}, 'allowed'],
    ['host with its port', is('host', { exact: 'details' }), {}, {}, 'refused'],
    ['namespace of the identity', is('namespace', { exact: 'shop' }), {}, {}, 'allowed'],
    ['service account', is('service-account', { exact: 'shop/web' }), {}, {}, 'allowed'],
    [
      'header in any case of its name',
      { of: 'header', name: 'End-User', anyOf: [{ prefix: 'na' }], noneOf: [] },
      { headers: { 'end-user': 'naruto' } },
      {},
      'allowed',
    ],
    [
      'header that is not there',
      { of: 'header', name: 'x', anyOf: [], noneOf: [{ present: true }] },
      {},
      {},
      'allowed',
    ],
    [
      'address within a range',
      { of: 'source-ip', anyOf: ['192.0.2.0/24'], noneOf: [] },
      {},
      { sourceIp: '192.0.2.77' },
      'allowed',
    ],
    [
      'address outside a range',
      { of: 'source-ip', anyOf: ['192.0.2.0/30'], noneOf: [] },
      {},
      { sourceIp: '192.0.2.77' },
      'refused',
    ],
    [
      'address of IPv6',
      { of: 'source-ip', anyOf: ['2001:db8::/32'], noneOf: [] },
      {},
      { sourceIp: '2001:db8::7' },
      'allowed',
    ],
    [
      'original client before the connection',
      { of: 'remote-ip', anyOf: ['192.0.2.1'], noneOf: [] },
      {},
      { sourceIp: '192.0.2.9', remoteIp: '192.0.2.1' },
      'allowed',
    ],
    ['port of the program', { of: 'destination-port', anyOf: [], noneOf: [9080] }, {}, {}, 'refused'],
    [
      'regular expression for the whole value',
      { of: 'method', anyOf: [{ regex: 'G|P' }], noneOf: [] },
      {},
      {},
      'refused',
    ],
    [
      'expression that only RE2 reads',
      { of: 'method', anyOf: [{ regex: '(?P<x>GET)' }], noneOf: [] },
      {},
      {},
      'unknown',
    ],
    [
      'metadata of a filter',
      { of: 'metadata', filter: 'f', path: ['k'], anyOf: [{ exact: 'v' }], noneOf: [] },
      {},
      {},
      'unknown',
    ],
  ])('looks at the %s', (_, condition, http, rest, verdict) => {
    expect(verdictOf(condition, http, rest)).toBe(verdict);
  });
});

describe('tokens (RFC 7519)', () => {
  const security = (condition?: Condition): SecurityPlan => ({
    authentication: { providers: [{ ...PROVIDER, audiences: ['shop'] }] },
    ...plan({ allow: condition === undefined ? [] : [[policy('shop/token', condition)]] }),
  });
  const withClaims = (claims: object, condition?: Condition) =>
    asked(security(condition), { http: { ...get, token: { claims: { iss: 'a.example', aud: 'shop', ...claims } } } });
  const claim = (path: readonly string[], value: string): Condition => ({
    of: 'claim',
    path,
    anyOf: [{ exact: value }],
    noneOf: [],
  });

  it('of an issuer that nobody knows are refused, and those for others are forbidden', () => {
    expect(withClaims({ iss: 'c.example' }).status).toBe(401);
    expect(withClaims({ aud: ['bank'] }).status).toBe(403);
    expect(withClaims({ aud: ['bank', 'shop'] }).verdict).toBe('allowed');
  });

  it('are looked into by the names on the way, and lists hold when a member does', () => {
    expect(withClaims({ groups: ['x', 'group1'] }, claim(['groups'], 'group1')).verdict).toBe('allowed');
    expect(withClaims({ a: { b: 'c' } }, claim(['a', 'b'], 'c')).verdict).toBe('allowed');
    expect(withClaims({ a: 7 }, claim(['a'], '7')).verdict).toBe('refused');
    expect(asked(security(claim(['groups'], 'group1'))).verdict).toBe('refused');
  });

  it('have lists of words in their scope (RFC 8693, 4.2)', () => {
    expect(withClaims({ scope: 'read write' }, claim(['scope'], 'write')).verdict).toBe('allowed');
    expect(withClaims({ other: 'read write' }, claim(['other'], 'write')).verdict).toBe('refused');
  });

  it('make a principal of issuer and subject', () => {
    const me: Condition = { of: 'request-principal', anyOf: [{ exact: 'a.example/me' }], noneOf: [] };
    expect(withClaims({ sub: 'me' }, me).verdict).toBe('allowed');
    expect(withClaims({}, me).verdict).toBe('refused');
  });
});
