/** `10.244.0.7` as a number. */
export function addressNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

export function offsetInCidr(address: string, cidr: string): number {
  return addressNumber(address) - addressNumber(cidr.split('/')[0] ?? '');
}

/** The lowest address of `cidr` that is free, leaving out the first few, which are customary for gateways and resolvers. */
export function lowestFreeAddress(cidr: string, taken: ReadonlySet<string>, reserved = 5): string | undefined {
  const [base = '', prefixLength = '32'] = cidr.split('/');
  const first = addressNumber(base);
  const size = 2 ** (32 - Number(prefixLength));
  for (let offset = reserved; offset < size - 1; offset++) {
    const address = addressText(first + offset);
    if (!taken.has(address)) return address;
  }
  return undefined;
}
