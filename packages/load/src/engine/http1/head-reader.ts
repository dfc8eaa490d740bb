import { Buffer } from 'node:buffer';
import type { Failure } from '../failure.ts';
import { type Head, readHead } from './head.ts';
import type { HeadCache } from './head-cache.ts';

const CR = 13;
const LF = 10;
const START = Buffer.from('HTTP/');
const NO_HTTP = 'the answer does not begin with HTTP/';

/** Finds the end of a head, whatever pieces it comes in, and reads it. Keeps a copy of pieces only, at most `maxBytes`. */
export class HeadReader {
  readonly #cache: HeadCache;
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #seen = 0;
  #isLineEmpty = false;
  head: Head | null = null;
  failure: Failure | null = null;

  constructor(cache: HeadCache, maxBytes: number) {
    this.#cache = cache;
    this.#maxBytes = maxBytes;
  }

  begin(): void {
    if (this.#pieces.length > 0) this.#pieces = [];
    this.#seen = 0;
    this.#isLineEmpty = false;
    this.head = null;
    this.failure = null;
  }

  /** Reads from `from` on; answers where it stopped: behind the head, at the end of the bytes, or at an error. */
  read(bytes: Buffer, from: number, to: number): number {
    if (this.#seen === 0 && this.#cache.matches(bytes, from, to)) {
      this.head = this.#cache.head;
      return from + this.#cache.length;
    }
    const at = this.#scan(bytes, from, to);
    if (at === -1) {
      this.#pieces.push(Buffer.from(bytes.subarray(from, to)));
      return to;
    }
    if (this.failure === null) this.#parse(bytes, from, at);
    return at;
  }

  /** Until behind the first empty line; below zero when there is none. */
  #scan(bytes: Buffer, from: number, to: number): number {
    let seen = this.#seen;
    let isLineEmpty = this.#isLineEmpty;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at];
      // Garbage is known by its first bytes, so that a lot of it is not called a large head.
      if (seen < START.length && byte !== START[seen]) return this.#fail('malformed', NO_HTTP, at);
      seen += 1;
      if (seen > this.#maxBytes) return this.#fail('too-large', `the head has more than ${this.#maxBytes} bytes`, at);
      if (byte === LF) {
        if (isLineEmpty) return at + 1;
        isLineEmpty = true;
      } else if (byte !== CR) isLineEmpty = false;
    }
    this.#seen = seen;
    this.#isLineEmpty = isLineEmpty;
    return -1;
  }

  #parse(bytes: Buffer, from: number, end: number): void {
    const last = bytes.subarray(from, end);
    const whole = this.#pieces.length === 0 ? last : Buffer.concat([...this.#pieces, last]);
    const head = readHead(withoutEmptyLine(whole));
    if (typeof head === 'string') this.failure = { kind: 'malformed', message: head };
    else {
      this.head = head;
      this.#cache.keep(whole, head);
    }
  }

  #fail(kind: Failure['kind'], message: string, at: number): number {
    this.failure = { kind, message };
    return at;
  }
}

function withoutEmptyLine(head: Buffer): string {
  let end = head.length - 1;
  if (head[end - 1] === CR) end -= 1;
  end -= 1;
  if (head[end - 1] === CR) end -= 1;
  return head.toString('latin1', 0, end);
}
