import { expect, test } from 'vitest';
import { tokenIn } from './token.ts';

test('the token is taken out and the rest of the fragment stays', () => {
  expect(tokenIn('#token=abc-123')).toEqual({ token: 'abc-123', rest: '' });
  expect(tokenIn('#main&token=a%2Bb')).toEqual({ token: 'a+b', rest: '#main' });
});

test('no token, no login', () => {
  expect(tokenIn('')).toBeUndefined();
  expect(tokenIn('#main')).toBeUndefined();
  expect(tokenIn('#token=')).toBeUndefined();
});

test('a broken escape is passed on for the daemon to refuse', () => {
  expect(tokenIn('#token=%zz')?.token).toBe('%zz');
});
