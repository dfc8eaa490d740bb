import type { Failure } from '../failure.ts';

/** A size line with its extensions; what is longer is a flood. */
export const MAX_SIZE_LINE_BYTES = 4_096;
/** Sizes beyond are more than any limit, and more than a double counts exactly. */
const MAX_SIZE = 2 ** 52;

const CR = 13;
const LF = 10;
const TAB = 9;
const SPACE = 32;
const SEMICOLON = 59;

const SIZE = 0;
const EXTENSION = 1;
const SIZE_LF = 2;
const DATA = 3;
const DATA_CR = 4;
const DATA_LF = 5;
const TRAILER_START = 6;
const TRAILER = 7;
const LAST_LF = 8;
const END = 9;
const FAILED = 10;

/**
 * Finds the end of a chunked body (RFC 9112 7.1), whatever pieces it comes in. Extensions and trailers are read over, as
 * recipients may; lines of the framing end with CRLF and nothing else, those of trailers with LF too, as in a head.
 */
export class ChunkedBody {
  readonly #maxBodyBytes: number;
  readonly #maxTrailerBytes: number;
  #state = END;
  #size = 0;
  #digits = 0;
  #lineBytes = 0;
  #trailerBytes = 0;
  #bodyBytes = 0;
  failure: Failure | null = null;

  constructor(maxBodyBytes: number, maxTrailerBytes: number) {
    this.#maxBodyBytes = maxBodyBytes;
    this.#maxTrailerBytes = maxTrailerBytes;
  }

  begin(): void {
    this.#state = this.#beginSize();
    this.#trailerBytes = 0;
    this.#bodyBytes = 0;
    this.failure = null;
  }

  get isComplete(): boolean {
    return this.#state === END;
  }

  /** Reads from `from` on; answers where it stopped: at the end of the body, at the end of the bytes, or at an error. */
  read(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && this.#state < END) {
      if (this.#state === DATA) {
        const taken = Math.min(this.#size, to - at);
        this.#size -= taken;
        at += taken;
        if (this.#size === 0) this.#state = DATA_CR;
      } else {
        this.#state = this.#after(bytes[at] ?? 0);
        at += 1;
      }
    }
    return at;
  }

  /** The state after a byte that is not data. */
  #after(byte: number): number {
    switch (this.#state) {
      case SIZE:
        return this.#afterSizeByte(byte);
      case EXTENSION:
        if (byte === LF) return this.#malformed('a line of its chunks ends without CR');
        return byte === CR ? SIZE_LF : this.#inSizeLine(EXTENSION);
      case SIZE_LF:
        return byte === LF ? this.#endOfSize() : this.#malformed('a chunk’s size is not followed by CRLF');
      case DATA_CR:
        return byte === CR ? DATA_LF : this.#malformed('a chunk is longer than its size');
      case DATA_LF:
        return byte === LF ? this.#beginSize() : this.#malformed('a chunk is longer than its size');
      case LAST_LF:
        return byte === LF ? END : this.#malformed('a line of its trailers has a CR within');
      default:
        return this.#afterTrailerByte(byte);
    }
  }

  #beginSize(): number {
    this.#size = 0;
    this.#digits = 0;
    this.#lineBytes = 0;
    return SIZE;
  }

  #afterSizeByte(byte: number): number {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#size = this.#size * 16 + digit;
      this.#digits += 1;
      return this.#size > MAX_SIZE ? this.#tooLarge('a chunk is larger than any limit') : this.#inSizeLine(SIZE);
    }
    if (this.#digits === 0) return this.#malformed('a chunk has no size');
    if (byte === CR) return SIZE_LF;
    // Space before an extension is “bad” and to be accepted (RFC 9112 7.1.1); some servers pad the size itself.
    if (byte === SEMICOLON || byte === SPACE || byte === TAB) return this.#inSizeLine(EXTENSION);
    return this.#malformed('a chunk’s size is no hexadecimal number');
  }

  #inSizeLine(state: number): number {
    this.#lineBytes += 1;
    if (this.#lineBytes <= MAX_SIZE_LINE_BYTES) return state;
    return this.#tooLarge('the line before a chunk is longer than 4,096 bytes');
  }

  #endOfSize(): number {
    if (this.#size === 0) return TRAILER_START;
    this.#bodyBytes += this.#size;
    if (this.#bodyBytes <= this.#maxBodyBytes) return DATA;
    return this.#tooLarge(`the body has more than ${this.#maxBodyBytes} bytes`);
  }

  #afterTrailerByte(byte: number): number {
    this.#trailerBytes += 1;
    if (this.#trailerBytes > this.#maxTrailerBytes) {
      return this.#tooLarge(`the trailers have more than ${this.#maxTrailerBytes} bytes`);
    }
    if (this.#state === TRAILER) return byte === LF ? TRAILER_START : TRAILER;
    if (byte === CR) return LAST_LF;
    return byte === LF ? END : TRAILER;
  }

  #malformed(message: string): number {
    this.failure = { kind: 'malformed', message };
    return FAILED;
  }

  #tooLarge(message: string): number {
    this.failure = { kind: 'too-large', message };
    return FAILED;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
