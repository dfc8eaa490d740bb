import * as fc from 'fast-check';
import type { AuthorizationPolicyPlan, Condition, SecurityPlan, TextMatch, TokenProvider } from '../../plan.ts';
import type { Origin } from '../../provenance.ts';
import type { AccessRequest } from '../request.ts';

export const PRINCIPALS = ['web', 'cart', 'db'].map((name) => `cluster.local/ns/shop/sa/${name}`);
const METHODS = ['GET', 'POST'];
const PATHS = ['/', '/details', '/details/1', '/admin/x/y'];
const HOSTS = ['shop', 'SHOP.example', 'db:80'];
const VALUES = ['red', 'blue', ''];
const ISSUERS = ['a.example', 'b.example'];
const ADDRESSES = ['192.0.2.1', '192.0.2.200', '2001:db8::1'];

const origin = (name: string, field?: string): Origin => ({
  resource: { group: 'security.istio.io', kind: 'AuthorizationPolicy', namespace: 'shop', name },
  ...(field === undefined ? {} : { field }),
});

/** Texts that values of a vocabulary match, so that conditions hold about as often as not. */
function textMatch(values: readonly string[]): fc.Arbitrary<TextMatch> {
  const value = fc.constantFrom(...values);
  return fc.oneof(
    value.map((exact) => ({ exact })),
    value.map((text) => ({ prefix: text.slice(0, 2) })),
    value.map((text) => ({ suffix: text.slice(-2) })),
    value.map((text) => ({ regex: `(?i)${text.slice(0, 1).replace(/\W/, '.')}.*` })),
    fc.constant<TextMatch>({ present: true }),
  );
}

function alternatives<T>(member: fc.Arbitrary<T>) {
  const list = fc.array(member, { maxLength: 2 });
  return fc.record({ anyOf: list, noneOf: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, list) });
}

type TextKind = Extract<
  Condition['of'],
  'principal' | 'namespace' | 'host' | 'method' | 'request-principal' | 'audience'
>;

function text(of: TextKind, values: readonly string[]): fc.Arbitrary<Condition> {
  return alternatives(textMatch(values)).map((rest) => ({ of, ...rest }));
}

const condition: fc.Arbitrary<Condition> = fc.oneof(
  text('principal', PRINCIPALS),
  text('namespace', ['shop', 'other']),
  text('host', HOSTS),
  text('method', METHODS),
  text(
    'request-principal',
    ISSUERS.map((issuer) => `${issuer}/me`),
  ),
  text('audience', VALUES),
  alternatives(
    fc.oneof(
      textMatch(PATHS),
      fc.constantFrom({ template: '/details/{*}' }, { template: '/{**}/y' }, { template: '/{*}/x/{**}' }),
    ),
  ).map((rest) => ({ of: 'path' as const, ...rest })),
  alternatives(textMatch(VALUES)).map((rest) => ({ of: 'header' as const, name: 'X-Colour', ...rest })),
  alternatives(textMatch(VALUES)).map((rest) => ({ of: 'claim' as const, path: ['groups'], ...rest })),
  alternatives(fc.constantFrom('192.0.2.0/25', '192.0.2.1', '2001:db8::/32', '0.0.0.0/0')).map((rest) => ({
    of: 'source-ip' as const,
    ...rest,
  })),
  alternatives(fc.constantFrom(80, 90)).map((rest) => ({ of: 'destination-port' as const, ...rest })),
);

const conditions = fc.array(condition, { minLength: 1, maxLength: 2 });
const rule = fc
  .record({
    from: fc.array(conditions, { maxLength: 2 }),
    to: fc.array(conditions, { maxLength: 2 }),
    when: fc.array(condition, { maxLength: 1 }),
  })
  .map((parts) => ({ ...parts, origin: origin('some', 'spec.rules[0]') }));

const policy: fc.Arbitrary<AuthorizationPolicyPlan> = fc
  .record({
    name: fc.constantFrom('shop/one', 'shop/two'),
    rules: fc.array(rule, { maxLength: 3 }),
    isDryRun: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  })
  .map((parts) => ({ ...parts, origin: origin('some') }));

export const PROVIDER: TokenProvider = {
  ...{ name: 'a', issuer: 'a.example', audiences: [], keys: '{"keys":[]}', origin: origin('tokens') },
  ...{ fromHeaders: [], fromParameters: [], fromCookies: [], claimHeaders: [] },
};

export const arbitrarySecurity: fc.Arbitrary<SecurityPlan> = fc
  .record({
    isAsking: fc.boolean(),
    external: fc.array(policy, { maxLength: 1 }),
    deny: fc.array(policy, { maxLength: 2 }),
    allow: fc.array(fc.array(policy, { maxLength: 2 }), { maxLength: 2 }),
    issuers: fc.subarray([...ISSUERS]),
  })
  .map(({ external, isAsking, deny, allow, issuers }) => ({
    ...(issuers.length === 0
      ? {}
      : { authentication: { providers: issuers.map((issuer) => ({ ...PROVIDER, name: issuer, issuer })) } }),
    authorization: {
      ...(isAsking
        ? { external: { authorizer: { name: 'opa', cluster: 'opa', protocol: 'grpc' as const }, policies: external } }
        : {}),
      ...{ deny, allow, audit: [] },
    },
  }));

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Requests with a good token or none. */
export const arbitraryRequest: fc.Arbitrary<Omit<AccessRequest, 'principal' | 'port'>> = fc
  .record({
    sourceIp: fc.constantFrom(...ADDRESSES),
    http: optional(
      fc.record({
        ...{ method: fc.constantFrom(...METHODS), path: fc.constantFrom(...PATHS), host: fc.constantFrom(...HOSTS) },
        colour: optional(fc.constantFrom(...VALUES)),
        token: optional(
          fc.record({
            ...{ iss: fc.constantFrom(...ISSUERS), sub: fc.constantFrom('me', 'you') },
            groups: fc.array(fc.constantFrom(...VALUES), { maxLength: 2 }),
            aud: fc.constantFrom(...VALUES),
          }),
        ),
      }),
    ),
  })
  .map(({ sourceIp, http }) => {
    if (http === undefined) return { sourceIp };
    const { colour, token, ...rest } = http;
    const headers: Record<string, string> = colour === undefined ? {} : { 'x-colour': colour };
    return { sourceIp, http: { ...rest, headers, ...(token === undefined ? {} : { token: { claims: token } }) } };
  });
