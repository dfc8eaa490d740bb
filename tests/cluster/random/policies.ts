import * as fc from 'fast-check';
import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import { guard, OPEN } from '../fixtures/security/edge.ts';
import { bearer, believe, firstRule, SECOND, secondRule, TOKENS } from '../fixtures/security/issuers.ts';
import { enter, type Fixture, type Question } from '../support/fixture.ts';

const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const PATHS = ['/', '/a', '/a/b', '/a/b/c', '/b', '/admin', '/admin/x', '/A', '/x/a', '/a.txt'];
const HOSTS = ['a.example.com', 'b.example.com', 'example.com', 'a.example.org'];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

const some = (...values: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const paths = some(...PATHS, '/a*', '*/b', '*', '/admin/*', '*.txt', '/a/{*}', '/{**}/c', '/{*}/b');
const hosts = some(...HOSTS, '*.example.com', 'a.*', '*');
const methods = some(...METHODS, 'P*', '*T');
const blocks = some('10.244.8.1', '10.244.0.0/16', '192.0.2.0/24', '0.0.0.0/0');
const principals = some(
  '*',
  'https://first.example.com/*',
  '*/ann',
  `${SECOND.issuer}/bob`,
  'https://first.example.com/ann',
);

const parts = <T extends Readonly<Record<string, fc.Arbitrary<unknown>>>>(fields: T) =>
  fc
    .record(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, sometimes(value)])))
    .map((found) => Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)))
    .filter((found) => Object.keys(found).length > 0);

const source = parts({
  ipBlocks: blocks,
  notIpBlocks: blocks,
  remoteIpBlocks: blocks,
  requestPrincipals: principals,
  notRequestPrincipals: principals,
});
const operation = parts({ paths, notPaths: paths, methods, notMethods: methods, hosts, notHosts: hosts });
const values = some('ann', 'ann*', '*a', '*', 'bob', 'shop');
const condition = fc
  .tuple(
    fc.constantFrom(
      ...['request.headers[x-user]', 'request.headers[x-role]', 'request.auth.claims[sub]', 'request.auth.audiences'],
      ...['request.auth.claims[iss]', 'source.namespace'],
    ),
    parts({ values, notValues: values }),
  )
  .map(([key, found]) => ({ key, ...found }));

const list = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 2 });
const rule = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 12,
    arbitrary: parts({
      from: list(source.map((one) => ({ source: one }))),
      to: list(operation.map((one) => ({ operation: one }))),
      when: list(condition),
    }),
  },
);
const policy = fc.record({
  action: fc.constantFrom('ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT'),
  rules: fc.array(rule, { maxLength: 3 }),
  isDry: fc.constantFrom(false, false, false, true),
});

const policies = fc
  .array(policy, { minLength: 1, maxLength: 4 })
  .map((found) =>
    found.map(({ action, rules, isDry }, index) =>
      guard(
        `p${index}`,
        { action, ...(rules.length === 0 ? {} : { rules }) },
        isDry ? { annotations: { 'istio.io/dry-run': 'true' } } : {},
      ),
    ),
  );
const believed = fc.constantFrom<readonly KubeObject[]>(
  [],
  [believe('first', firstRule())],
  [believe('both', firstRule({ audiences: ['shop'] }), secondRule())],
);

const question: fc.Arbitrary<Question> = fc
  .record({
    host: fc.constantFrom(...HOSTS),
    path: fc.constantFrom(...PATHS),
    method: fc.constantFrom(...METHODS),
    token: fc.constantFrom(undefined, undefined, ...Object.values(TOKENS)),
    user: fc.constantFrom(undefined, 'ann', 'anna', 'bob'),
    role: fc.constantFrom(undefined, 'ann', 'shop'),
  })
  .map(({ host, path, method, token, user, role }) => {
    const headers = {
      ...(token === undefined ? {} : bearer(token)),
      ...(user === undefined ? {} : { 'x-user': user }),
      ...(role === undefined ? {} : { 'x-role': role }),
    };
    return enter(`${host}${path}`, { method, headers });
  });

/** Random policies at the gateway, and random callers. */
export function randomPolicies(seed: number, count: number): readonly Fixture[] {
  const fixture = fc
    .tuple(policies, believed, fc.array(question, { minLength: 30, maxLength: 30 }))
    .map(([guards, authentications, questions]) => ({
      name: 'policies',
      fields: ['at random'],
      resources: [...OPEN, ...authentications, ...guards],
      questions,
    }));
  return fc.sample(fixture, { seed, numRuns: count });
}
