import { expect, test } from 'vitest';
import { bookinfo } from '../../test/fixtures.ts';
import { judge } from './judge.ts';
import { navProblems } from './nav-problems.ts';

test('each page says how much of it needs attention in the chosen scope', () => {
  const status = judge(bookinfo(0));
  expect(navProblems(status, undefined)).toEqual({
    '/services': 2,
    '/workloads': 2,
    '/proxies': 3,
    '/gateways': 1,
    '/conditions': 2,
  });
  expect(navProblems(status, ['shop'])).toMatchObject({ '/services': 0, '/gateways': 1, '/conditions': 0 });
});
