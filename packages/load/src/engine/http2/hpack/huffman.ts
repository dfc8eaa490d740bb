import { MalformedAnswer } from '../malformed-answer.ts';

/** RFC 7541, appendix B: how many bits each byte takes, and the end of string last. The code is canonical, so lengths are all of it. */
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];
const END_OF_STRING = 256;
const LONGEST = 30;

/** Symbols in the order of their codes; of each length the first code, and where its symbol stands in that order. */
const { symbols, firstCode, firstAt, counts } = build();

function build() {
  const symbols: number[] = [];
  const firstCode: number[] = [0];
  const firstAt: number[] = [0];
  const counts: number[] = [0];
  let code = 0;
  for (let length = 1; length <= LONGEST; length++) {
    const ofLength = LENGTHS.flatMap((one, symbol) => (one === length ? [symbol] : []));
    code *= 2;
    firstCode.push(code);
    firstAt.push(symbols.length);
    counts.push(ofLength.length);
    symbols.push(...ofLength);
    code += ofLength.length;
  }
  return { symbols, firstCode, firstAt, counts };
}

/** The text that bytes from `from` to `to` stand for, one character for each byte. */
export function decodeHuffman(bytes: Buffer, from: number, to: number): string {
  let text = '';
  let code = 0;
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1);
      length += 1;
      const offset = code - (firstCode[length] ?? 0);
      if (offset >= (counts[length] ?? 0)) continue;
      const symbol = symbols[(firstAt[length] ?? 0) + offset] ?? END_OF_STRING;
      // RFC 7541 5.2: the end of string must not be there in full.
      if (symbol === END_OF_STRING) throw new MalformedAnswer('a text in its head is coded wrongly');
      text += String.fromCharCode(symbol);
      code = 0;
      length = 0;
    }
  }
  // The rest of the last byte is the beginning of the end of string, which is all ones.
  if (length > 7 || code !== 2 ** length - 1) throw new MalformedAnswer('a text in its head is coded wrongly');
  return text;
}
