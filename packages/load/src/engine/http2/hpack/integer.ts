import { MalformedAnswer } from '../malformed-answer.ts';

/** Far more than any length or index that is allowed. */
const MAX_INTEGER = 0xff_ffff;

/** RFC 7541 5.1: a number that begins in the low `prefixBits` of a byte whose other bits are `flags`. */
export function encodeInteger(value: number, prefixBits: number, flags: number): number[] {
  const limit = 2 ** prefixBits - 1;
  if (value < limit) return [flags | value];
  const bytes = [flags | limit];
  let rest = value - limit;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** Bytes with the place up to which they have been read. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
}

export function decodeInteger(cursor: Cursor, prefixBits: number): number {
  const limit = 2 ** prefixBits - 1;
  let value = nextByte(cursor) & limit;
  if (value < limit) return value;
  for (let factor = 1; ; factor *= 0x80) {
    const byte = nextByte(cursor);
    value += (byte & 0x7f) * factor;
    if (value > MAX_INTEGER || factor > MAX_INTEGER)
      throw new MalformedAnswer('a number in its head is beyond all bounds');
    if (byte < 0x80) return value;
  }
}

function nextByte(cursor: Cursor): number {
  const byte = cursor.at < cursor.end ? cursor.bytes[cursor.at] : undefined;
  if (byte === undefined) throw new MalformedAnswer('its head ends in the middle');
  cursor.at += 1;
  return byte;
}
