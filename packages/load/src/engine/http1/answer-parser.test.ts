import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerParser } from './answer-parser.ts';
import { HeadCache } from './head-cache.ts';

const LIMITS = { maxHeadBytes: 512, maxBodyBytes: 2_000 };
const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

interface Seen {
  readonly status: number;
  readonly bytes: number;
  readonly keepAlive: boolean;
}

/** Reads answers one after the other, in pieces that end at `cuts`, until the bytes are over or make no sense. */
function readAll(bytes: Buffer, cuts: readonly number[] = [], isHead = false) {
  const parser = new AnswerParser(LIMITS, new HeadCache());
  const answers: Seen[] = [];
  parser.begin(isHead);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((one, other) => one - other);
  let at = 0;
  for (const end of ends) {
    while (at < end && parser.failure === null) {
      at += parser.read(Buffer.from(bytes.subarray(at, end)), 0, end - at);
      if (parser.isComplete) note();
    }
  }
  parser.end();
  if (parser.isComplete) note();
  return { answers, failure: parser.failure };

  function note() {
    answers.push({ status: parser.status, bytes: parser.bytes, keepAlive: parser.keepAlive });
    parser.begin(isHead);
  }
}

const kindOf = (text: string) => readAll(Buffer.from(text, 'latin1')).failure?.kind;
const first = (text: string, isHead = false) => readAll(Buffer.from(text, 'latin1'), [], isHead).answers[0];

describe('the end of an answer', () => {
  it.each([
    ['a length', `${OK}Content-Length: 5\r\n\r\nhello`],
    ['the same length twice', `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
    ['a list of the same length', `${OK}content-length: 5, 5\r\n\r\nhello`],
    ['a length on a folded line', `${OK}Content-Length:\r\n 5\r\n\r\nhello`],
    ['lines that end with LF alone', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello'],
    ['chunks', `${CHUNKED}5\r\nhello\r\n0\r\n\r\n`],
    ['chunks with extensions and trailers', `${CHUNKED}5 ;a="b"\r\nhello\r\n0;c\r\nX-Sum: 1\r\nY: 2\r\n\r\n`],
    ['chunks behind another coding', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`],
    [
      'interim answers before it',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n${OK}Content-Length: 0\r\n\r\n`,
    ],
    ['204, whatever its length', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'],
    ['304, whatever its length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
  ])('is found by %s, and the next begins there', (_name, text) => {
    const { answers, failure } = readAll(Buffer.from(text + text, 'latin1'));
    expect(answers).toHaveLength(2);
    expect(answers[0]).toEqual({ status: expect.any(Number), bytes: text.length, keepAlive: true });
    // Then the connection ends where a third would begin.
    expect(failure?.kind).toBe('closed');
  });

  it('is the end of the head when that was all that was asked for', () => {
    const text = `${OK}Content-Length: 5\r\n\r\n`;
    expect(first(text, true)).toEqual({ status: 200, bytes: text.length, keepAlive: true });
  });

  it.each([`${OK}\r\nhello`, `${OK}Transfer-Encoding: gzip\r\n\r\nhello`, 'HTTP/1.0 200 OK\r\n\r\nhello'])(
    'is that of the connection in %j',
    (text) => {
      expect(first(text)).toEqual({ status: 200, bytes: text.length, keepAlive: false });
    },
  );

  it.each([
    [`${OK}Connection: close\r\nContent-Length: 0\r\n\r\n`, false],
    [`${OK}Connection: x, Close\r\nContent-Length: 0\r\n\r\n`, false],
    ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n', true],
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', false],
  ])('leaves the connection usable or not: %j', (text, keepAlive) => {
    expect(first(text)?.keepAlive).toBe(keepAlive);
  });
});

describe('what is no answer', () => {
  it.each([
    ['malformed', 'SSH-2.0-OpenSSH\r\n'],
    ['malformed', 'HTTP/2 200\r\n\r\n'],
    ['malformed', 'HTTP/1.1 OK\r\n\r\n'],
    ['malformed', `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`],
    ['malformed', `${OK}Content-Length: -5\r\n\r\n`],
    ['malformed', `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`],
    ['malformed', `${OK}Transfer-Encoding: chunked, gzip\r\n\r\n`],
    ['malformed', `${OK}Content-Length : 5\r\n\r\n`],
    ['malformed', `${OK}no colon\r\n\r\n`],
    ['malformed', `${OK}X: a\0b\r\n\r\n`],
    ['malformed', `${OK}X: a\rb\r\n\r\n`],
    ['malformed', `${CHUNKED}\r\n`],
    ['malformed', `${CHUNKED}x\r\n`],
    ['malformed', `${CHUNKED}5\nhello`],
    ['malformed', `${CHUNKED}5\r\nhello!\r\n`],
    ['too-large', `${OK}X: ${'x'.repeat(600)}\r\n\r\n`],
    ['too-large', `${OK}Content-Length: 2001\r\n\r\n`],
    ['too-large', `${OK}Content-Length: ${'9'.repeat(400)}\r\n\r\n`],
    ['too-large', `${OK}\r\n${'x'.repeat(2_001)}`],
    ['too-large', `${CHUNKED}7d1\r\n`],
    ['too-large', `${CHUNKED}3e8\r\n${'x'.repeat(1_000)}\r\n3e9\r\n`],
    ['too-large', `${CHUNKED}ffffffffffffffff\r\n`],
    ['too-large', `${CHUNKED}1;${'x'.repeat(5_000)}`],
    ['too-large', `${CHUNKED}0\r\n${'X: y\r\n'.repeat(200)}`],
    ['too-large', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(101)],
    ['closed', ''],
    ['closed', 'HTTP/1.1 2'],
    ['closed', `${OK}Content-Length: 5\r\n\r\nhell`],
    ['closed', `${CHUNKED}5\r\nhello\r\n`],
  ])('is %s: %j', (kind, text) => {
    expect(kindOf(text)).toBe(kind);
  });
});

const answer = fc.oneof(
  fc.nat(40).map((length) => `${OK}X-Any: ${length}\r\nContent-Length: ${length}\r\n\r\n${'b'.repeat(length)}`),
  fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }).map((sizes) => {
    const chunks = sizes.map((size) => `${size.toString(16)};e=1\r\n${'c'.repeat(size)}\r\n`);
    return `${CHUNKED}${chunks.join('')}0\r\nT: 1\r\n\r\n`;
  }),
  fc.constantFrom('HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 204 x\n\n', `${OK}\r\nuntil the end`),
);
const cuts = fc.array(fc.nat(3_000), { maxLength: 20 });
const mutated = fc
  .tuple(
    fc.array(answer, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 3 }),
  )
  .map(([texts, changes]) => {
    const bytes = Buffer.from(texts.join(''), 'latin1');
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    return bytes;
  });
const anyBytes = fc.oneof(
  mutated,
  fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
);

describe('bytes in pieces', () => {
  it('give the same answers and the same failure, however they are cut', () => {
    fc.assert(
      fc.property(anyBytes, cuts, (bytes, at) => {
        expect(readAll(bytes, at)).toEqual(readAll(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('give the same one by one', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const each = Array.from({ length: bytes.length }, (_, at) => at);
        expect(readAll(bytes, each)).toEqual(readAll(bytes));
      }),
    );
  });
});
