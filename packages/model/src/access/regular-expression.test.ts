import { expect, it } from 'vitest';
import { matchesExpression } from './regular-expression.ts';

it.each([
  ['/details/[0-9]+', '/details/17', true],
  ['/details/[0-9]+', '/details/17/x', false],
  ['(?i)get|post', 'POST', true],
  ['(?:/a|/b)/[^/]+(?:/c)?', '/b/x/c', true],
  [String.raw`a\)+`, 'a))', true],
])('%s of %s is %s', (expression, value, expected) => {
  expect(matchesExpression(expression, value)).toBe(expected);
});

it.each(['(a+)+b', '(a|a)*b', '(a?){40}b', '(?:(?:a*)*)*b', `${'a?'.repeat(40)}b`, `${'.*'.repeat(9)}b`])(
  'whoever asks about %s waits for nothing, and learns that nobody knows',
  (expression) => {
    const value = 'a'.repeat(5_000);
    expect(matchesExpression(expression, value)).toBeUndefined();
  },
);

it('one that the engine cannot read is not known', () => {
  expect(matchesExpression('(?P<x>GET)', 'GET')).toBeUndefined();
  expect(matchesExpression('(', 'GET')).toBeUndefined();
});
