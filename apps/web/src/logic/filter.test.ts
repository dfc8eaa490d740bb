import { expect, test } from 'vitest';
import { type Facets, inScope, isFiltered, matches, parseQuery } from './filter.ts';

const REVIEWS: Facets = {
  namespace: 'default',
  health: 'degraded',
  kind: 'service',
  words: ['default', 'reviews', null, '9080/HTTP'],
};

test('every word must be found, in any case and any field', () => {
  expect(matches(REVIEWS, { q: 'REV 9080/http' })).toBe(true);
  expect(matches(REVIEWS, { q: 'rev ratings' })).toBe(false);
});

test('health:, kind: and ns: compare whole values', () => {
  expect(matches(REVIEWS, { q: 'health:degraded kind:service ns:default' })).toBe(true);
  expect(matches(REVIEWS, { q: 'health:degrade' })).toBe(false);
  expect(matches(REVIEWS, { q: 'health:failing rev' })).toBe(false);
});

test('an unknown field is a word to look for', () => {
  expect(parseQuery('color:red health:')).toEqual({ words: ['color:red', 'health:'], fields: [] });
});

test('a word does not match across two fields', () => {
  expect(matches({ ...REVIEWS, words: ['rev', 'iews'] }, { q: 'reviews' })).toBe(false);
});

test('no namespace chosen is all, and what has no namespace is in every scope', () => {
  expect(inScope('shop', undefined)).toBe(true);
  expect(inScope('shop', ['default'])).toBe(false);
  expect(inScope(null, ['default'])).toBe(true);
});

test('problems only keeps what is unknown and drops what is idle', () => {
  const shown = (['failing', 'degraded', 'unknown', 'idle', 'healthy'] as const).filter((health) =>
    matches({ ...REVIEWS, health }, { view: 'problems' }),
  );
  expect(shown).toEqual(['failing', 'degraded', 'unknown']);
});

test('a namespace is a scope and not a filter', () => {
  expect(isFiltered({ ns: ['default'] })).toBe(false);
  expect(isFiltered({ q: 'x' })).toBe(true);
  expect(isFiltered({ view: 'problems' })).toBe(true);
});
