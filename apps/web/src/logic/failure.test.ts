import { expect, test } from 'vitest';
import { FailureError, failureOf, UNREACHABLE } from './failure.ts';

test("the daemon's own words are shown, with the code once", () => {
  const body = { code: 'MW2006', message: 'MW2006: the store cannot be opened', advice: 'Free some space.' };
  expect(failureOf(500, body)).toEqual({
    kind: 'refused',
    code: 'MW2006',
    message: 'the store cannot be opened',
    advice: 'Free some space.',
  });
});

test('an answer that is no error body is named by its status', () => {
  for (const body of [undefined, null, 'oops', { code: 7 }]) {
    expect(failureOf(502, body)).toMatchObject({ code: undefined, message: 'The daemon answered with HTTP 502' });
  }
});

test('401 means signing in, whatever the body says', () => {
  expect(failureOf(401, undefined).kind).toBe('unauthorised');
});

test('what fetch throws when nobody answers is unreachable', () => {
  expect(FailureError.from(new TypeError('Failed to fetch')).failure).toBe(UNREACHABLE);
  const own = new FailureError(failureOf(401, undefined));
  expect(FailureError.from(own)).toBe(own);
});
