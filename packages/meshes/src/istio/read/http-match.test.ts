import { describe, expect, it } from 'vitest';
import { readRule, TO_REVIEWS } from '../../testing/read-rule.ts';

const readMatch = (match: object) => readRule({ match: [match], route: TO_REVIEWS });

describe('VirtualService http.match', () => {
  it.each([
    ['uri.exact', { uri: { exact: '/a' } }, { path: { exact: '/a' } }],
    ['uri.prefix', { uri: { prefix: '/a/' } }, { path: { prefix: '/a/' } }],
    ['uri.regex', { uri: { regex: '/a.*' } }, { path: { regex: '/a.*' } }],
    ['ignoreUriCase', { uri: { prefix: '/a' }, ignoreUriCase: true }, { path: { prefix: '/a', ignoreCase: true } }],
    ['method', { method: { exact: 'GET' } }, { method: { exact: 'GET' } }],
    ['authority', { authority: { prefix: 'a' } }, { authority: { prefix: 'a' } }],
    ['scheme', { scheme: { exact: 'http' } }, { scheme: { exact: 'http' } }],
    ['headers', { headers: { a: { regex: '.*x.*' } } }, { headers: [{ name: 'a', match: { regex: '.*x.*' } }] }],
    ['headers without condition', { headers: { a: {} } }, { headers: [{ name: 'a', match: { present: true } }] }],
    ['headers with *', { headers: { a: { regex: '*' } } }, { headers: [{ name: 'a', match: { present: true } }] }],
    [
      'withoutHeaders',
      { withoutHeaders: { a: { exact: '1' }, b: {} } },
      {
        headers: [
          { name: 'a', match: { exact: '1' }, invert: true },
          { name: 'b', match: { present: true }, invert: true },
        ],
      },
    ],
    [
      'queryParams',
      { queryParams: { v: { exact: '2' }, w: {} } },
      {
        queryParameters: [
          { name: 'v', match: { exact: '2' } },
          { name: 'w', match: { present: true } },
        ],
      },
    ],
  ])('VirtualService http.match.%s is read', (_, match, expected) => {
    const { rule, residues } = readMatch(match);
    expect(rule?.matches[0]?.http).toEqual({ headers: [], queryParameters: [], ...expected });
    expect(residues).toEqual([]);
  });

  it.each([
    ['port', { port: 80 }],
    ['gateways', { gateways: ['mesh'] }],
    ['sourceLabels', { sourceLabels: { app: 'a' } }],
    ['sourceNamespace', { sourceNamespace: 'shop' }],
    ['name', { name: 'x' }],
    ['statPrefix', { statPrefix: 'beta' }],
  ])('VirtualService http.match.%s is read', (_, match) => {
    const { rule, residues } = readMatch(match);
    expect(rule?.matches[0]).toEqual({ ...match, http: { headers: [], queryParameters: [] } });
    expect(residues).toEqual([]);
  });

  it('keeps the other alternatives when a condition of one is not enforced', () => {
    const { rule, fields } = readRule({
      match: [{ uri: { suffix: '/a' } }, { uri: { exact: '/b' } }, { body: {} }],
      route: TO_REVIEWS,
    });
    expect(rule?.matches.map(({ http }) => http.path)).toEqual([{ exact: '/b' }]);
    expect(fields).toEqual(['unsupported match[0].uri.suffix', 'unsupported match[2].body']);
  });

  it.each([
    { uri: 'x' },
    { uri: { exact: 1 } },
    { uri: { regex: '*' } },
    { uri: { regex: '(?=a)' } },
    { headers: { a: { contains: 'x' } } },
    { headers: { '@request.auth.claims': { exact: 'a' } } },
    { headers: { '@request.auth.claims.': { exact: 'a' } } },
    { withoutHeaders: { '@request.auth.claims[a][]': {} } },
    { headers: { 'a b': {} } },
    { queryParams: { a: 3 } },
    { queryParams: { '': {} } },
    { queryParams: { ['q'.repeat(1025)]: {} } },
    { port: 70_000 },
    { sourceLabels: 'app=a' },
    { gateways: 'mesh' },
  ])('drops the rule when its only alternative %j is refused, instead of matching everything', (match) => {
    const { rule, residues } = readMatch(match);
    expect(rule).toBeUndefined();
    expect(residues).not.toEqual([]);
  });

  it.each<[string, object, object]>([
    ['a dot', { headers: { '@request.auth.claims.group.id': { exact: 'a' } } }, { path: ['group', 'id'] }],
    ['brackets', { headers: { '@request.auth.claims[a.b][c]': { exact: 'a' } } }, { path: ['a.b', 'c'] }],
    ['any case', { headers: { '@Request.Auth.Claims.Group': { exact: 'a' } } }, { path: ['Group'] }],
    ['its absence', { withoutHeaders: { '@request.auth.claims.a': { exact: 'a' } } }, { path: ['a'], invert: true }],
  ])('http.match.headers and withoutHeaders may name a claim, with %s', (_, match, claim) => {
    const { rule, residues } = readMatch({ ...match, uri: { prefix: '/' } });
    expect(residues).toEqual([]);
    expect(rule?.matches[0]?.http).toMatchObject({ headers: [], claims: [{ ...claim, match: { exact: 'a' } }] });
  });

  it('drops the rule when its alternatives are no list', () => {
    const { rule, fields } = readRule({ match: { uri: { exact: '/a' } }, route: TO_REVIEWS });
    expect([rule, fields]).toEqual([undefined, ['invalid match']]);
  });
});
