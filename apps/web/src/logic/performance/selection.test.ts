import { expect, test } from 'vitest';
import { compareHint, readIdsSearch, toggleId, withBaseline } from './selection.ts';

test('ids keep their order, once each, five at most', () => {
  expect(readIdsSearch({ ids: 'b,a,, b,c,d,e,f' })).toEqual({ ids: ['b', 'a', 'c', 'd', 'e'] });
  expect(readIdsSearch({ ids: 7 })).toEqual({});
});

test('the first selected is the baseline until another one is made it', () => {
  expect(toggleId(toggleId(['a'], 'b'), 'a')).toEqual(['b']);
  expect(withBaseline(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b']);
});

test('says what is missing before runs can be compared', () => {
  expect([0, 1, 2, 4, 5].map((count) => compareHint(count) === undefined)).toEqual([false, false, true, true, false]);
});
