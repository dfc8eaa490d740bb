/**
 * The few bytes of protobuf written by hand. Fields of a message may be concatenated in any order, so a response is
 * made by laying cached resource fields beside a small header; nothing is encoded twice and nothing is decoded.
 */

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

function writeVarint(target: Uint8Array, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  while (rest > 0x7f) {
    target[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  target[at++] = rest;
  return at;
}

/** Tag and length of a length-delimited field whose content the caller appends. Field numbers below 16 only. */
export function fieldPrefix(field: number, contentLength: number): Buffer {
  const prefix = Buffer.allocUnsafe(1 + varintLength(contentLength));
  prefix[0] = (field << 3) | 2;
  writeVarint(prefix, 1, contentLength);
  return prefix;
}

/** A whole length-delimited field. Empty text is left out, as proto3 does. */
export function textField(field: number, text: string): Buffer {
  if (text === '') return Buffer.alloc(0);
  const content = Buffer.from(text);
  return Buffer.concat([fieldPrefix(field, content.length), content]);
}

/** The length of what consists of these pieces. */
export function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}
