import { ipFamily, parseRange } from '../model/ip-address.ts';

/** Whether an address lies in a range (CIDR, RFC 4632). An address of IPv4 in IPv6's clothes counts as what it is. */
export function liesIn(address: string, range: string): boolean {
  const parsed = parseRange(range.includes('/') ? range : `${range}/${ipFamily(range) === 6 ? 128 : 32}`);
  const own = bitsOf(plain(address));
  if (parsed === undefined || own === undefined) return false;
  const wanted = bitsOf(parsed.address);
  if (wanted === undefined || wanted.length !== own.length) return false;
  return own.slice(0, parsed.length) === wanted.slice(0, parsed.length);
}

function plain(address: string): string {
  return address.toLowerCase().startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function bitsOf(address: string): string | undefined {
  const family = ipFamily(address);
  if (family === 4)
    return address
      .split('.')
      .map((part) => bits(Number(part), 8))
      .join('');
  if (family === undefined) return undefined;
  // The parser of URLs writes the last 32 bits in hexadecimal too.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].map((part) => bits(Number.parseInt(part, 16), 16)).join('');
}

function bits(value: number, width: number): string {
  return value.toString(2).padStart(width, '0');
}
