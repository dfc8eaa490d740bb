/** Crockford's base 32 in small letters: sorts as it counts, and has no letter that is taken for another. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * `20261121-142233-k3f9`: the time in UTC, then the millisecond and some chance in two letters each. Sorts by time, is short
 * enough to type, and needs nobody who hands out numbers.
 */
export function newRunId(nowMs: number, random: () => number): string {
  const [day = '', time = ''] = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '').split('T');
  return `${day}-${time.slice(0, 6)}-${twoDigits(nowMs % 1_000)}${twoDigits(Math.floor(random() * 1_024))}`;
}

function twoDigits(value: number): string {
  return `${DIGITS.charAt(Math.floor(value) >> 5)}${DIGITS.charAt(value & 31)}`;
}
