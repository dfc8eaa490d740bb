import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerTooLarge, MalformedAnswer } from '../malformed-answer.ts';
import { HpackDecoder } from './decoder.ts';
import { encodeHead, NO_TABLE } from './encode-head.ts';
import { type Cursor, decodeInteger, encodeInteger } from './integer.ts';
import type { Field } from './static-table.ts';

function decode(decoder: HpackDecoder, block: Buffer): Field[] {
  const fields: Field[] = [];
  decoder.decode(block, 0, block.length, { takeField: (field) => fields.push(field) });
  return fields;
}
const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const lines = (fields: readonly Field[]) => fields.map(({ name, value }) => `${name}: ${value}`);

const PRIVATE = ['cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'];

describe('a head', () => {
  it('comes out as RFC 7541 has it in C.6, with Huffman code and a table that fields fall out of', () => {
    const decoder = new HpackDecoder(10_000);
    // The examples have a table of 256 bytes, which a block may ask for.
    const resize = Buffer.from(encodeInteger(256, 5, 0x20));
    const first = hex(
      '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
    );
    expect(lines(decode(decoder, Buffer.concat([resize, first])))).toEqual([':status: 302', ...PRIVATE]);
    expect(lines(decode(decoder, hex('4883640effc1c0bf')))).toEqual([':status: 307', ...PRIVATE]);
    const third = hex(
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    );
    expect(lines(decode(decoder, third))).toEqual([
      ':status: 200',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:22 GMT',
      'location: https://www.example.com',
      'content-encoding: gzip',
      'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
    ]);
  });

  it('of a request means what it says, again and again', () => {
    const name = fc.constantFrom(':path', ':method', 'x-any', 'cookie', 'authorization', 'accept');
    const value = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(fc.array(fc.record({ name, value })), (fields) => {
        const decoder = new HpackDecoder(1 << 20);
        expect(decode(decoder, Buffer.concat([NO_TABLE, encodeHead(fields)]))).toEqual(fields);
        expect(decode(decoder, encodeHead(fields))).toEqual(fields);
      }),
    );
  });

  it('does not let a table remember secrets', () => {
    expect(encodeHead([{ name: 'authorization', value: 'x' }])[0]).toBe(0x1f);
  });

  it('that stands for more than it may is cut off, however short it is', () => {
    const decoder = new HpackDecoder(5_000);
    const long = Buffer.concat([
      Buffer.from([0x40, 1, 0x61, ...encodeInteger(3_000, 7, 0)]),
      Buffer.alloc(3_000, 0x62),
    ]);
    expect(decode(decoder, long)).toHaveLength(1);
    expect(() => decode(decoder, Buffer.from([0xbe, 0xbe]))).toThrow(AnswerTooLarge);
  });

  it.each([
    ['80', 'index zero'],
    ['c6', 'an index beyond the table'],
    ['8220', 'a change of the table in the middle'],
    ['3fe2ff03', 'a table larger than allowed'],
    ['4005', 'an end in the middle'],
    ['ffffffffffff0f', 'a number without an end'],
    ['008161', 'a Huffman code that ends in the middle'],
    ['0084ffffffff00', 'the end of string in a text'],
    ['00821fff00', 'too much padding'],
  ])('of the bytes %s is malformed: %s', (bytes) => {
    expect(() => decode(new HpackDecoder(10_000), hex(bytes))).toThrow(MalformedAnswer);
  });

  it('of any bytes comes to an end, with fields or with one of two errors', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (blocks) => {
        const decoder = new HpackDecoder(1_000);
        for (const block of blocks) {
          try {
            decode(decoder, Buffer.from(block));
          } catch (error) {
            expect(error instanceof MalformedAnswer || error instanceof AnswerTooLarge).toBe(true);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a number', () => {
  it('comes back as it went, with any prefix', () => {
    fc.assert(
      fc.property(fc.nat(0xffffff), fc.integer({ min: 4, max: 7 }), (value, prefixBits) => {
        const bytes = Buffer.from(encodeInteger(value, prefixBits, 0));
        const cursor: Cursor = { bytes, at: 0, end: bytes.length };
        expect([decodeInteger(cursor, prefixBits), cursor.at]).toEqual([value, bytes.length]);
      }),
    );
  });
});
