/**
 * An address or a range in CIDR notation (RFC 4632, RFC 4291) as proxies compare it: masked, with its length; undefined
 * for what is neither. Two texts for one range have one form, since two chains for one range are refused.
 */
export function canonicalCidr(text: string): string | undefined {
  const [address = '', length, ...more] = text.split('/');
  const parts = bytesOfIpv4(address) ?? groupsOfIpv6(address);
  if (more.length > 0 || parts === undefined) return undefined;
  const isFour = parts.length === 4;
  const [most, width] = isFour ? [32, 8] : [128, 16];
  const bits = length === undefined ? most : DECIMAL.test(length) ? Number(length) : most + 1;
  if (bits > most) return undefined;
  const masked = parts.map((part, index) => part & mask(bits - index * width, width));
  return `${isFour ? masked.join('.') : compressed(masked)}/${bits}`;
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,2})$/;

/** The first bits of a part, as many as the range fixes of it. */
function mask(fixed: number, width: number): number {
  const bits = Math.min(width, Math.max(0, fixed));
  return ((1 << bits) - 1) << (width - bits);
}

function bytesOfIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  const isAddress = parts.length === 4 && parts.every((part) => DECIMAL.test(part) && Number(part) <= 255);
  return isAddress ? parts.map(Number) : undefined;
}

/** RFC 4291, 2.2, without zones. */
function groupsOfIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(groupsOf)));
  const missing = 8 - left.length - right.length;
  const groups = [
    ...left,
    ...(halves.length === 2 ? Array.from({ length: Math.max(0, missing) }, () => 0) : []),
    ...right,
  ];
  const isWhole = halves.length === 2 ? missing > 0 : missing === 0;
  return isWhole && groups.every((group) => !Number.isNaN(group)) ? groups : undefined;
}

/** One group, or two for an IPv4 address at the end. */
function groupsOf(text: string): readonly number[] {
  const [a, b, c, d] = bytesOfIpv4(text) ?? [];
  if (a !== undefined && b !== undefined && c !== undefined && d !== undefined) return [a * 256 + b, c * 256 + d];
  return [/^[0-9a-f]{1,4}$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN];
}

/** RFC 5952, 4: lower case, the longest run of zeros left out. */
function compressed(groups: readonly number[]): string {
  const runs = [
    ...groups
      .map((group) => group.toString(16))
      .join(':')
      .matchAll(/(?:^|:)0(?::0)+(?=:|$)/g),
  ];
  const longest = runs.map(([run]) => run).sort((a, b) => b.length - a.length)[0];
  const text = groups.map((group) => group.toString(16)).join(':');
  if (longest === undefined) return text;
  const at = text.indexOf(longest);
  return `${text.slice(0, at)}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}
