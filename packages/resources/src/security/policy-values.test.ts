import { describe, expect, test } from 'vitest';
import { parseConditionKey } from './condition-key.ts';
import { inlineKeySetProblem, isIpBlock, isPathTemplate, pathProblem, serviceAccountProblem } from './policy-values.ts';

describe('values of policies', () => {
  test.each(['10.1.2.3', '10.0.0.0/8', '0.0.0.0/0', '::1', '2001:db8::/32', '::ffff:10.0.0.1/128'])(
    '%s is an address or a range',
    (text) => expect(isIpBlock(text)).toBe(true),
  );
  test.each([
    '',
    '10.1.2',
    '10.1.2.03',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/8/9',
    '::/129',
    '1::2::3',
    'a',
    '10.0.0.*',
  ])('%j is none', (text) => expect(isIpBlock(text)).toBe(false));

  test.each(['/a', '/a*', '*', '*/a', '/{*}', '/a/{*}/b', '/{**}', '/a/{*}/{**}', '/{**}/x.json', '/a=b;c'])(
    '%s is a path',
    (path) => expect(pathProblem(path)).toBeUndefined(),
  );
  test.each(['/{a}', '/{*}a', '/{**}/{*}', '/{**}/{**}', '/{*}/*', '/{*}/a b', '/a{', '/{a=*}'])('%s is none', (path) =>
    expect(pathProblem(path)).toBeDefined(),
  );
  test('a path is a template when it has an operator', () => {
    expect(['/{*}', '/{**}', '/a*', '/a'].map(isPathTemplate)).toEqual([true, true, false, false]);
  });

  test('service accounts are names, with a namespace or without', () => {
    expect(['a', 'b/a'].map(serviceAccountProblem)).toEqual([undefined, undefined]);
    for (const text of ['', '/a', 'a/', 'a/b/c', 'a*', 'x'.repeat(321)])
      expect(serviceAccountProblem(text)).toBeDefined();
  });

  test('a key set has keys with a type', () => {
    expect(inlineKeySetProblem('{"keys":[{"kty":"EC"}]}')).toBeUndefined();
    for (const text of ['', 'null', '[]', '{"kty":"EC"}', '{"keys":{}}', '{"keys":[]}', '{"keys":[null]}'])
      expect(inlineKeySetProblem(text)).toBeDefined();
  });

  test('keys of conditions may have names, one or several', () => {
    expect(parseConditionKey('source.ip')).toEqual({ attribute: 'source.ip' });
    expect(parseConditionKey('request.headers[X-A]')).toEqual({ attribute: 'request.headers', name: 'X-A' });
    expect(parseConditionKey('request.auth.claims[a][b]')).toEqual({
      attribute: 'request.auth.claims',
      path: ['a', 'b'],
    });
    expect(parseConditionKey('experimental.envoy.filters.a.b[c]')).toEqual({
      attribute: 'experimental.envoy.filters',
      filter: 'envoy.filters.a.b',
      path: ['c'],
    });
    for (const key of [
      '',
      'source',
      'request.headers',
      'request.headers[]',
      'request.headers[a][b]',
      'a[b]',
      'request.auth.claims[a',
    ])
      expect(parseConditionKey(key)).toHaveProperty('problem');
  });
});
