import { expect, it } from 'vitest';
import { whyNotRe2 } from './regular-expression.ts';

it.each([
  '/a.*',
  '(?i)v[12]',
  '(?P<name>a)',
  'a\\+',
  '[(?=]',
  '[+]+',
  '\\Q(?=\\E',
  'a{2,3}?',
  '(?:a|b)+',
  '\\\\1',
  '[(]\\(\\Q)\\E(a)',
])('takes %s for RE2', (expression) => {
  expect(whyNotRe2(expression)).toBeUndefined();
});

it.each([
  '',
  '(?=a)b',
  '(?!a)',
  '(?<=a)b',
  '(?<!a)b',
  '(a)\\1',
  '(?<x>a)\\k<x>',
  '(?>a)',
  'a++',
  'a**',
  '*',
  '(*a)',
  'a|+',
  'a)|(.*',
  '(a',
  'a'.repeat(1025),
])('knows that %s is not', (expression) => {
  expect(whyNotRe2(expression)).toBeDefined();
});
