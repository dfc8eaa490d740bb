import { AnswerTooLarge, MalformedAnswer } from '../malformed-answer.ts';
import { DynamicTable, sizeOf } from './dynamic-table.ts';
import { decodeHuffman } from './huffman.ts';
import { type Cursor, decodeInteger } from './integer.ts';
import { type Field, STATIC_TABLE } from './static-table.ts';

/** Where fields go, in their order. */
export interface FieldSink {
  takeField(field: Field): void;
}

/** What we allow a server: the default of RFC 9113 6.5.2. */
const TABLE_SIZE = 4_096;

/**
 * Decodes the header blocks of one connection, in their order (RFC 7541). Each field counts against `maxSize` with the overhead
 * of RFC 7541 4.1, so that few bytes that refer to much again and again come to an end too.
 */
export class HpackDecoder {
  readonly #table = new DynamicTable(TABLE_SIZE);
  readonly #maxSize: number;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Without a sink the block is read for what later ones may refer to. */
  decode(bytes: Buffer, from: number, to: number, sink: FieldSink | null): void {
    const cursor: Cursor = { bytes, at: from, end: to };
    let size = 0;
    let isFirst = true;
    while (cursor.at < to) {
      const first = bytes[cursor.at] ?? 0;
      if ((first & 0xe0) === 0x20) {
        if (!isFirst) throw new MalformedAnswer('its head changes the size of the table in the middle');
        this.#resize(decodeInteger(cursor, 5));
        continue;
      }
      isFirst = false;
      const field = this.#field(cursor, first);
      size += sizeOf(field);
      if (size > this.#maxSize) throw new AnswerTooLarge(`its head is larger than ${this.#maxSize} bytes`);
      sink?.takeField(field);
    }
  }

  #field(cursor: Cursor, first: number): Field {
    if (first >= 0x80) return this.#at(decodeInteger(cursor, 7));
    const isAdded = first >= 0x40;
    const index = decodeInteger(cursor, isAdded ? 6 : 4);
    const name = index === 0 ? text(cursor) : this.#at(index).name;
    const field = { name, value: text(cursor) };
    if (isAdded) this.#table.add(field);
    return field;
  }

  #at(index: number): Field {
    const field = STATIC_TABLE[index - 1] ?? this.#table.at(index - 1 - STATIC_TABLE.length);
    if (field === undefined || index === 0) throw new MalformedAnswer('its head refers to a field that is not there');
    return field;
  }

  #resize(size: number): void {
    if (size > TABLE_SIZE) throw new MalformedAnswer('its head asks for a larger table than is allowed');
    this.#table.resize(size);
  }
}

/** RFC 7541 5.2. */
function text(cursor: Cursor): string {
  const isHuffman = ((cursor.bytes[cursor.at] ?? 0) & 0x80) !== 0;
  const length = decodeInteger(cursor, 7);
  const from = cursor.at;
  const to = from + length;
  if (to > cursor.end) throw new MalformedAnswer('its head ends in the middle');
  cursor.at = to;
  if (isHuffman) return decodeHuffman(cursor.bytes, from, to);
  return cursor.bytes.toString('latin1', from, to);
}
