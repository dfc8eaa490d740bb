import { expect, test } from 'vitest';
import { fnv1a, nameHash, randomSuffix, templateHash } from './template-hash.ts';

test('FNV-1a gives the published values', () => {
  expect(fnv1a('')).toBe(0x811c9dc5);
  expect(fnv1a('a')).toBe(0xe40c292c);
  expect(fnv1a('foobar')).toBe(0xbf9cf968);
});

test('the order of members does not change a hash; content and collisions do', () => {
  const one = { metadata: { labels: { a: '1', b: '2' } }, spec: { containers: [] } };
  const same = { spec: { containers: [] }, metadata: { labels: { b: '2', a: '1' } } };
  expect(templateHash(one)).toBe(templateHash(same));
  expect(templateHash({ ...one, metadata: { labels: { a: '1' } } })).not.toBe(templateHash(one));
  expect(templateHash(one, 1)).not.toBe(templateHash(one));
});

test('hashes and suffixes fit into names and contain no vowels', () => {
  for (let index = 0; index < 200; index++) expect(nameHash(String(index))).toMatch(/^[b-df-hj-np-tv-xz2-9]{1,10}$/);
  expect(randomSuffix(() => 0)).toBe('bbbbb');
  expect(randomSuffix(() => 0.999999)).toBe('99999');
});
