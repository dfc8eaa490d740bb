import { expect, test } from 'vitest';
import { ipFamily, parseRange } from './ip-address.ts';

test.each([
  ['10.0.0.1', 4],
  ['255.255.255.255', 4],
  ['256.0.0.1', undefined],
  ['10.0.0', undefined],
  ['10.0.0.1.', undefined],
  ['::1', 6],
  ['2001:db8::10.0.0.1', 6],
  ['1::2::3', undefined],
  ['example.com', undefined],
  ['a:b', undefined],
])('the family of %s is %s', (text, family) => {
  expect(ipFamily(text)).toBe(family);
});

test('a range has an address and a length that fits it', () => {
  expect(parseRange('192.0.2.0/24')).toEqual({ address: '192.0.2.0', length: 24 });
  expect(parseRange('2001:db8::/32')).toEqual({ address: '2001:db8::', length: 32 });
  expect(['192.0.2.0', '192.0.2.0/33', '192.0.2.0/', '192.0.2.0/8/8', 'x/8'].map(parseRange)).toEqual(
    Array.from({ length: 5 }),
  );
});
