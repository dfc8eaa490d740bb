import type { HttpMatch } from '@meshwise/model';
import { expect, test } from 'vitest';
import { RouteMatchSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { routeMatch } from './route-match.ts';
import { messageJson } from './testing/json-of.ts';

const json = (match: Partial<HttpMatch>) =>
  messageJson(RouteMatchSchema, routeMatch({ headers: [], queryParameters: [], ...match }));

test('no path means all paths', () => {
  expect(json({})).toEqual({ prefix: '/' });
  expect(json({ path: { present: true } })).toEqual({ prefix: '/' });
});

test('paths are matched exactly, by prefix or by regular expression, and without case when asked for', () => {
  expect(json({ path: { exact: '/a' } })).toEqual({ path: '/a' });
  expect(json({ path: { prefix: '/a', ignoreCase: true } })).toEqual({ prefix: '/a', case_sensitive: false });
  expect(json({ path: { regex: '/a[0-9]+' } })).toEqual({ safe_regex: { regex: '/a[0-9]+' } });
});

test('method, authority and scheme are headers to Envoy', () => {
  expect(json({ method: { exact: 'GET' }, authority: { prefix: 'a.' }, scheme: { exact: 'http' } })).toMatchObject({
    headers: [
      { name: ':method', string_match: { exact: 'GET' } },
      { name: ':authority', string_match: { prefix: 'a.' } },
      { name: ':scheme', string_match: { exact: 'http' } },
    ],
  });
});

test('an inverted header match holds for requests without the header', () => {
  const match = json({ headers: [{ name: 'x-user', match: { exact: 'jason' }, invert: true }] });
  expect(match).toMatchObject({ headers: [{ invert_match: true, treat_missing_header_as_empty: true }] });
  const absent = json({ headers: [{ name: 'x-user', match: { present: true }, invert: true }] });
  expect(absent).toMatchObject({ headers: [{ name: 'x-user', present_match: true, invert_match: true }] });
});

test('an empty prefix is presence, since Envoy refuses it', () => {
  expect(json({ queryParameters: [{ name: 'q', match: { prefix: '' } }] })).toMatchObject({
    query_parameters: [{ name: 'q', present_match: true }],
  });
});

test('claims are in the metadata of the filter that verifies tokens, as texts or in lists', () => {
  const claims = [{ path: ['realm', 'group'], match: { exact: 'beta' }, invert: true }];
  expect(json({ claims })).toMatchObject({
    dynamic_metadata: [
      {
        filter: 'envoy.filters.http.jwt_authn',
        path: [{ key: 'payload' }, { key: 'realm' }, { key: 'group' }],
        value: {
          or_match: {
            value_matchers: [
              { string_match: { exact: 'beta' } },
              { list_match: { one_of: { string_match: { exact: 'beta' } } } },
            ],
          },
        },
        invert: true,
      },
    ],
  });
});
