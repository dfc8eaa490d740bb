import { StatusView } from '@meshwise/api';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { bookinfo, empty } from './fixtures.ts';

test.each([
  ['bookinfo', bookinfo(0)],
  ['empty', empty(0)],
])('the fixture %s is what the contract describes', (_name, status) => {
  expect([...Value.Errors(StatusView, status)]).toEqual([]);
  expect(Value.Check(StatusView, { ...status, services: [{}] })).toBe(false);
});
