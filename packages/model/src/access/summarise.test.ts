import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuthorizationPolicyPlan, Condition, SecurityPlan } from '../plan.ts';
import { carriedBy } from './carried.ts';
import { decide } from './decide.ts';
import type { KnownClient } from './known-client.ts';
import { summarise } from './summarise.ts';
import { arbitraryRequest, arbitrarySecurity, PRINCIPALS, PROVIDER } from './testing/arbitrary-security.ts';

const client: fc.Arbitrary<{ known: KnownClient; principal: string | undefined }> = fc.oneof(
  fc.constantFrom(...PRINCIPALS).map((principal) => ({ known: { kind: 'identity' as const, principal }, principal })),
  fc.constant({ known: { kind: 'plain' as const }, principal: undefined }),
  fc.constant({
    known: { kind: 'other' as const, isNone: new Set(PRINCIPALS) },
    principal: 'cluster.local/ns/other/sa/new',
  }),
  fc.constantFrom(undefined, ...PRINCIPALS).map((principal) => ({ known: { kind: 'foreign' as const }, principal })),
);
const protocol = fc.constantFrom('http' as const, 'tcp' as const, 'auto' as const);
const mode = fc.constantFrom('strict' as const, 'permissive' as const, 'disable' as const);

describe('a summary', () => {
  it('never says more than holds for every single request (000-35, 000-36)', () => {
    const seen = { allowed: 0, refused: 0, some: 0 };
    fc.assert(
      fc.property(
        fc.record({ security: arbitrarySecurity, client, protocol, mutualTls: mode, port: fc.constantFrom(80, 90) }),
        fc.array(arbitraryRequest, { minLength: 12, maxLength: 12 }),
        ({ security, client: { known, principal }, ...port }, requests) => {
          const { verdict } = summarise({ ...port, security }, known);
          seen[verdict] += 1;
          for (const request of requests) {
            const carried = request.http === undefined ? 'bytes' : 'http';
            if (!carriedBy(port.protocol).includes(carried)) continue;
            const sent = { ...request, port: port.port, ...(principal === undefined ? {} : { principal }) };
            // What a token is refused for is not what a summary is about.
            const decided = decide(security, port.mutualTls, sent);
            if (decided.status === 401) continue;
            if (known.kind === 'foreign' && port.mutualTls === 'strict' && principal === undefined) continue;
            if (verdict !== 'some') expect(decided.verdict).toBe(verdict);
          }
        },
      ),
      { numRuns: 3000 },
    );
    // A property that looks at one kind only says little.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(100);
  });

  const origin = {
    resource: { group: 'security.istio.io', kind: 'AuthorizationPolicy', namespace: 'shop', name: 'x' },
  };
  const policy = (name: string, ...to: readonly (readonly Condition[])[]): AuthorizationPolicyPlan => ({
    ...{ name, origin },
    rules: to.length === 0 ? [] : [{ from: [], to, when: [], origin: { ...origin, field: 'spec.rules[0]' } }],
  });
  const method = (...names: readonly string[]): Condition => ({
    ...{ of: 'method', noneOf: [] },
    anyOf: names.map((exact) => ({ exact })),
  });
  const path: Condition = { of: 'path', anyOf: [{ prefix: '/details' }], noneOf: [] };
  const at = (security: SecurityPlan, protocol: 'http' | 'tcp' = 'http') =>
    summarise({ port: 80, protocol, mutualTls: 'permissive', security }, { kind: 'plain' });
  const allow = (...set: readonly AuthorizationPolicyPlan[]): SecurityPlan => ({
    authorization: { deny: [], allow: [set], audit: [] },
  });

  it('names what a request has to be like, in words', () => {
    const found = at({
      authorization: {
        external: {
          authorizer: { name: 'opa', cluster: 'opa', protocol: 'grpc' },
          policies: [policy('shop/ask', [method('PUT')])],
        },
        deny: [policy('shop/no', [method('POST'), path])],
        allow: [[policy('shop/yes', [method('GET', 'POST'), path], [method('PUT')])]],
        audit: [],
      },
    });
    expect(found.reason).toBe(
      'only (GET or POST on /details*) or PUT; but not POST on /details*; opa is asked about PUT',
    );
    expect(found.by.map((rule) => rule.policy)).toEqual(['shop/yes', 'shop/no', 'shop/ask']);
  });

  it('calls a server without a matching rule closed, and names all policies that could have had one', () => {
    expect(at(allow(policy('shop/a'), policy('shop/b')))).toMatchObject({
      verdict: 'refused',
      reason: 'no rule of shop/a or shop/b allows it',
    });
  });

  it('knows that no rule about requests ever allows bytes', () => {
    expect(at(allow(policy('shop/get', [method('GET')])), 'tcp').verdict).toBe('refused');
    expect(
      at({ authorization: { deny: [policy('shop/post', [method('POST')])], allow: [], audit: [] } }, 'tcp').verdict,
    ).toBe('refused');
  });

  it('knows that without keys nobody has a token', () => {
    const needsToken = allow(
      policy('shop/token', [{ of: 'request-principal', anyOf: [{ present: true }], noneOf: [] }]),
    );
    const { keys: _, ...provider } = PROVIDER;
    expect(at(needsToken).verdict).toBe('refused');
    expect(at({ ...needsToken, authentication: { providers: [provider] } }).verdict).toBe('refused');
    expect(at({ ...needsToken, authentication: { providers: [PROVIDER] } })).toMatchObject({
      verdict: 'some',
      reason: 'only with a token of any issuer',
    });
  });

  it('leaves policies out that are only tried', () => {
    expect(at(allow({ ...policy('shop/none'), isDryRun: true })).verdict).toBe('allowed');
  });
});
