import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate, contains, parseRange } from './cluster-ip.ts';

const range = parseRange('10.96.0.0/28');

test('gives each address of a range once, and none of those that are reserved', () => {
  const used = new Set<string>();
  for (;;) {
    const address = allocate(range, used, `default/service-${used.size}`);
    if (address === undefined) break;
    expect(used.has(address)).toBe(false);
    used.add(address);
  }
  // 16 addresses without the first, the last, the API's (.1) and DNS's (.10).
  const expected = [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14].map((last) => `10.96.0.${last}`);
  expect([...used].sort()).toEqual(expected.sort());
});

test('a name alone decides where the search begins, so a service made again gets its address back', () => {
  const wide = parseRange('10.96.0.0/16');
  fc.assert(
    fc.property(fc.string(), fc.string(), (first, second) => {
      const address = allocate(wide, new Set(), first);
      expect(allocate(wide, new Set(), first)).toBe(address);
      expect(allocate(wide, new Set([address ?? '']), second)).not.toBe(address);
      expect(contains(wide, address ?? '')).toBe(true);
    }),
  );
});

test.each(['10.96.0.0', '10.96.0.0/33', '10.96.0.300/16', 'fd00::/108', ''])('refuses %o as a range', (cidr) => {
  expect(() => parseRange(cidr)).toThrow(/MW1004/);
});

test('a range that begins in the middle of itself begins at its base', () => {
  expect(contains(parseRange('10.96.7.9/16'), '10.96.0.5')).toBe(true);
  expect(contains(range, '10.96.0.16')).toBe(false);
  expect(contains(range, '10.96.0.15')).toBe(false);
  expect(contains(range, 'no address')).toBe(false);
});
