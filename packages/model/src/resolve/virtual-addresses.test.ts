import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from './virtual-addresses.ts';

test('each host has an address of its own in 240.240.0.0/16', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.domain(), { maxLength: 300 }), (hosts) => {
      const addresses = Object.values(allocate(hosts));
      expect(new Set(addresses).size).toBe(hosts.length);
      for (const address of addresses) {
        expect(address).toMatch(/^240\.240\.\d{1,3}\.\d{1,3}$/);
        expect(['240.240.0.0', '240.240.255.255']).not.toContain(address);
      }
    }),
  );
});

test('an address follows from the name alone', () => {
  expect(allocate(['a.example', 'b.example'])['b.example']).toBe(allocate(['b.example', 'z.example'])['b.example']);
});

test('names that meet give way in their order, and all that fit have an address', () => {
  const hosts = Array.from({ length: 70_000 }, (_, index) => `h${index}.example`);
  const addresses = allocate(hosts);
  expect(new Set(Object.values(addresses)).size).toBe(65_534);
  expect(allocate(hosts)).toEqual(addresses);
});
