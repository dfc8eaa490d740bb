import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressNumber, addressText, lowestFreeAddress, offsetInCidr } from './addresses.ts';

describe('addresses', () => {
  it('are numbers and back', () => {
    fc.assert(fc.property(fc.nat(0xffffffff), (number) => addressNumber(addressText(number)) === number));
    expect(addressText(0x0af40007)).toBe('10.244.0.7');
    expect(offsetInCidr('10.244.1.2', '10.244.0.0/16')).toBe(258);
  });

  it('are given out lowest first, none twice, until the range is used up', () => {
    const taken = new Set<string>();
    for (let count = 0; count < 10; count++) taken.add(lowestFreeAddress('10.0.0.0/28', taken) ?? 'none');
    expect([...taken]).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((host) => `10.0.0.${host}`));
    expect(lowestFreeAddress('10.0.0.0/28', taken)).toBeUndefined();
    taken.delete('10.0.0.9');
    expect(lowestFreeAddress('10.0.0.0/28', taken)).toBe('10.0.0.9');
  });
});
