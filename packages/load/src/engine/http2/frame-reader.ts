import { DEFAULT_MAX_FRAME_BYTES, FRAME_HEADER_BYTES } from './frames.ts';
import { MalformedAnswer } from './malformed-answer.ts';

/** The payload is `bytes` from `from` to `to`, and good until the call returns. False ends the reading. */
export type OnFrame = (type: number, flags: number, stream: number, bytes: Buffer, from: number, to: number) => boolean;

/**
 * Cuts what arrives into frames without copying those that arrive whole. Holds at most one frame of the size that every endpoint
 * takes, which is all a server may send us (RFC 9113 4.2).
 */
export class FrameReader {
  readonly #onFrame: OnFrame;
  #partial: Buffer | null = null;
  #partialBytes = 0;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  /** Reads the first `length` bytes, which may be overwritten afterwards. */
  push(bytes: Buffer, length: number): void {
    let at = this.#partialBytes === 0 ? 0 : this.#complete(bytes, length);
    while (at !== -1 && at < length) {
      const size = length - at < FRAME_HEADER_BYTES ? Number.POSITIVE_INFINITY : frameSize(bytes, at);
      if (size > length - at) {
        this.#keep(bytes, at, length);
        return;
      }
      at = this.#emit(bytes, at, size) ? at + size : -1;
    }
  }

  /** Adds to the frame that began earlier; answers with where the next begins, or -1. */
  #complete(bytes: Buffer, length: number): number {
    const partial = this.#partial ?? bytes;
    let at = 0;
    if (this.#partialBytes < FRAME_HEADER_BYTES) {
      at = this.#fill(partial, bytes, 0, Math.min(length, FRAME_HEADER_BYTES - this.#partialBytes));
      if (this.#partialBytes < FRAME_HEADER_BYTES) return at;
    }
    const size = frameSize(partial, 0);
    at = this.#fill(partial, bytes, at, Math.min(length, at + size - this.#partialBytes));
    if (this.#partialBytes < size) return at;
    this.#partialBytes = 0;
    return this.#emit(partial, 0, size) ? at : -1;
  }

  #fill(partial: Buffer, bytes: Buffer, from: number, to: number): number {
    bytes.copy(partial, this.#partialBytes, from, to);
    this.#partialBytes += to - from;
    return to;
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    this.#partial ??= Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + DEFAULT_MAX_FRAME_BYTES);
    this.#fill(this.#partial, bytes, from, to);
  }

  #emit(bytes: Buffer, at: number, size: number): boolean {
    const stream = bytes.readUInt32BE(at + 5) & 0x7fff_ffff;
    const from = at + FRAME_HEADER_BYTES;
    return this.#onFrame(bytes[at + 3] ?? 0, bytes[at + 4] ?? 0, stream, bytes, from, at + size);
  }
}

/** Of the whole frame with its header. */
function frameSize(bytes: Buffer, at: number): number {
  const length = bytes.readUIntBE(at, 3);
  if (length > DEFAULT_MAX_FRAME_BYTES) {
    throw new MalformedAnswer(
      bytes.toString('latin1', at, at + 5) === 'HTTP/'
        ? 'the server speaks HTTP/1'
        : `a frame of ${length} bytes is longer than allowed`,
    );
  }
  return FRAME_HEADER_BYTES + length;
}
