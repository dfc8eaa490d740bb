import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePageSearch, parseSearchText, replacesHistory, stringifySearch } from './search-params.ts';

test('an address without parameters is the plain view', () => {
  expect(parsePageSearch({})).toEqual({});
});

test('namespaces are sorted and unique, however they were written', () => {
  expect(parsePageSearch({ ns: 'shop, default,shop,' })).toEqual({ ns: ['default', 'shop'] });
  expect(parsePageSearch({ ns: ['shop', 3, 'default'] })).toEqual({ ns: ['default', 'shop'] });
});

test('what does not fit is dropped instead of breaking the page', () => {
  expect(parsePageSearch({ ns: '', q: '  ', sort: 'a b', view: 'nonsense', open: 7, other: 'x' })).toEqual({});
});

test('the address stays readable', () => {
  const search = { ns: ['default', 'shop'], q: 'health:failing', open: 'default/reviews', sort: '-errors' };
  expect(stringifySearch(search)).toBe('?ns=default,shop&q=health:failing&open=default/reviews&sort=-errors');
});

test('any state survives its address', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const state = fc.record(
    {
      ns: fc.uniqueArray(name, { minLength: 1 }),
      q: word,
      open: word,
      sort: fc.stringMatching(/^-?[a-z][A-Za-z0-9]{0,6}$/),
      view: fc.constant('problems'),
      scale: fc.constant('log'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(state, (search) => {
      const parsed = parsePageSearch(search);
      expect(parsePageSearch(parseSearchText(stringifySearch({ ...parsed })))).toEqual(parsed);
      expect(parsePageSearch({ ...parsed })).toEqual(parsed);
    }),
  );
});

test('typing on replaces the history entry, beginning and clearing make one', () => {
  expect(replacesHistory(undefined, 'r')).toBe(false);
  expect(replacesHistory('r', 're')).toBe(true);
  expect(replacesHistory('re', undefined)).toBe(false);
});
