import { expect, test } from 'vitest';
import { authorityOf, escapePercent, headersToAdd, headersToRemove } from './header-operations.ts';

test.each([
  ['100%', '100%%'],
  ['%REQ(x-user)%', '%REQ(x-user)%'],
  ['%DOWNSTREAM_REMOTE_ADDRESS% is 5% of it', '%DOWNSTREAM_REMOTE_ADDRESS% is 5%% of it'],
  ['%START_TIME(%s)%', '%START_TIME(%s)%'],
  ['%NOTHING%', '%%NOTHING%%'],
  ['already %% escaped', 'already %% escaped'],
  ['plain', 'plain'],
])('the value %j is printed as %j', (value, printed) => {
  expect(escapePercent(value)).toBe(printed);
});

test('Host is no header to Envoy: setting it is a rewrite, and it is never added or removed', () => {
  const operations = { set: { Host: 'other.example', 'x-a': '1' }, add: { 'x-b': '' }, remove: ['host', 'x-c'] };
  expect(authorityOf(operations)).toBe('other.example');
  const printed = headersToAdd(operations).map(({ header, appendAction, keepEmptyValue }) => ({
    key: header?.key,
    appendAction,
    keepEmptyValue,
  }));
  expect(printed).toEqual([
    { key: 'x-a', appendAction: 2, keepEmptyValue: false },
    { key: 'x-b', appendAction: 0, keepEmptyValue: true },
  ]);
  expect(headersToRemove(operations)).toEqual(['x-c']);
});
