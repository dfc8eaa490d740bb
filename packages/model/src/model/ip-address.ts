/** Whether the text is an address of IPv4 or IPv6, without brackets. */
export function ipFamily(text: string): 4 | 6 | undefined {
  if (/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text)) return 4;
  if (!text.includes(':') || !/^[0-9a-fA-F:.]+$/.test(text)) return undefined;
  // The parser of URLs knows every form of RFC 4291, 2.2.
  return URL.canParse(`http://[${text}]`) ? 6 : undefined;
}

/** A range in CIDR notation (RFC 4632), or undefined. */
export function parseRange(text: string): { readonly address: string; readonly length: number } | undefined {
  const [address = '', digits = '', more] = text.split('/');
  const family = ipFamily(address);
  if (family === undefined || more !== undefined || !/^\d{1,3}$/.test(digits)) return undefined;
  const length = Number(digits);
  return length <= (family === 6 ? 128 : 32) ? { address, length } : undefined;
}
