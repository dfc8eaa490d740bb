import type { Buffer } from 'node:buffer';
import type { Failure } from '../failure.ts';
import { ChunkedBody } from './chunked-body.ts';
import { CHUNKED, UNTIL_CLOSE } from './framing.ts';
import type { Head } from './head.ts';
import type { HeadCache } from './head-cache.ts';
import { HeadReader } from './head-reader.ts';

/** Interim answers before the real one (RFC 9110 15.2); more is a flood. */
const MAX_INTERIM = 100;

const IDLE = 0;
const HEAD = 1;
const LENGTH = 2;
const CHUNKS = 3;
const CLOSE = 4;

export interface ParserLimits {
  readonly maxHeadBytes: number;
  readonly maxBodyBytes: number;
}

/**
 * Reads answers to HTTP/1.1 requests (RFC 9112) of one connection as they come in, and keeps nothing of them: what matters is
 * where each ends and what its status is. How the bytes are cut into pieces makes no difference to what comes out.
 */
export class AnswerParser {
  readonly #limits: ParserLimits;
  readonly #heads: HeadReader;
  readonly #chunks: ChunkedBody;
  #state = IDLE;
  #isHeadRequest = false;
  #left = 0;
  #interim = 0;
  /** Of the answer that is being read, or was read last. */
  status = 0;
  keepAlive = false;
  bytes = 0;
  /** Set when there is no answer to come any more, since what came is none. */
  failure: Failure | null = null;

  constructor(limits: ParserLimits, cache: HeadCache) {
    this.#limits = limits;
    this.#heads = new HeadReader(cache, limits.maxHeadBytes);
    this.#chunks = new ChunkedBody(limits.maxBodyBytes, limits.maxHeadBytes);
  }

  /** An answer is expected from now on; to HEAD it has no body, whatever its head says (RFC 9110 9.3.2). */
  begin(isHeadRequest: boolean): void {
    this.#isHeadRequest = isHeadRequest;
    this.#interim = 0;
    this.status = 0;
    this.keepAlive = false;
    this.bytes = 0;
    this.failure = null;
    this.#beginHead();
  }

  /** Whether the answer that was begun has come to its end. */
  get isComplete(): boolean {
    return this.#state === IDLE;
  }

  /** Reads until the end of the answer, the end of the bytes, or a failure; answers where it stopped. */
  read(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (this.#state !== IDLE && this.failure === null && at < to) at = this.#readPart(bytes, at, to);
    this.bytes += at - from;
    return at;
  }

  /** The connection has ended: the answer is complete, if that is how it ends, or has failed. */
  end(): void {
    if (this.#state === IDLE || this.failure !== null) return;
    if (this.#state === CLOSE) this.#state = IDLE;
    else if (this.bytes === 0)
      this.failure = { kind: 'closed', message: 'the server closed the connection instead of answering' };
    else this.failure = { kind: 'closed', message: 'the server closed the connection in the middle of an answer' };
  }

  #readPart(bytes: Buffer, from: number, to: number): number {
    switch (this.#state) {
      case HEAD:
        return this.#readHead(bytes, from, to);
      case LENGTH:
        return this.#readLength(from, to);
      case CHUNKS: {
        const at = this.#chunks.read(bytes, from, to);
        if (this.#chunks.failure !== null) this.failure = this.#chunks.failure;
        else if (this.#chunks.isComplete) this.#state = IDLE;
        return at;
      }
      default:
        return this.#readUntilClose(from, to);
    }
  }

  #readHead(bytes: Buffer, from: number, to: number): number {
    const at = this.#heads.read(bytes, from, to);
    if (this.#heads.failure !== null) this.failure = this.#heads.failure;
    else if (this.#heads.head !== null) this.#beginBody(this.#heads.head);
    return at;
  }

  #readLength(from: number, to: number): number {
    const taken = Math.min(this.#left, to - from);
    this.#left -= taken;
    if (this.#left === 0) this.#state = IDLE;
    return from + taken;
  }

  #readUntilClose(from: number, to: number): number {
    const taken = Math.min(this.#left + 1, to - from);
    this.#left -= taken;
    if (this.#left < 0) this.#bodyTooLarge();
    return from + taken;
  }

  #beginHead(): void {
    this.#heads.begin();
    this.#state = HEAD;
  }

  #beginBody({ status, framing, keepAlive }: Head): void {
    if (status < 200 && status !== 101) {
      this.#interim += 1;
      if (this.#interim > MAX_INTERIM) this.failure = { kind: 'too-large', message: 'more than 100 interim answers' };
      this.#beginHead();
      return;
    }
    this.status = status;
    this.keepAlive = keepAlive;
    this.#left = framing;
    // RFC 9112 6.3, items 1 and 2; after 101 another protocol begins, and this answer ends.
    if (this.#isHeadRequest || framing === 0 || status === 204 || status === 304 || status === 101) this.#state = IDLE;
    else if (framing === CHUNKED) {
      this.#chunks.begin();
      this.#state = CHUNKS;
    } else if (framing === UNTIL_CLOSE) {
      this.keepAlive = false;
      this.#left = this.#limits.maxBodyBytes;
      this.#state = CLOSE;
    } else if (framing > this.#limits.maxBodyBytes) this.#bodyTooLarge();
    else this.#state = LENGTH;
  }

  #bodyTooLarge(): void {
    this.failure = { kind: 'too-large', message: `the body has more than ${this.#limits.maxBodyBytes} bytes` };
  }
}
