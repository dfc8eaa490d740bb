import type { Buffer } from 'node:buffer';
import type { Head } from './head.ts';

/** Bytes that are compared at once. No head is shorter: `HTTP/1.1 200` alone is longer. */
const STEP = 4;

/**
 * The head that was read last, for all connections to a server: its answers begin with the same bytes again and again, at least
 * until the second in their `Date` has passed. Compared by words, since `Buffer.compare` takes four times as long to be called.
 */
export class HeadCache {
  #kept: DataView = new DataView(new ArrayBuffer(0));
  /** What is compared is in one and the same buffer mostly. */
  #buffer: Buffer | null = null;
  #view = this.#kept;
  head: Head | null = null;

  get length(): number {
    return this.#kept.byteLength;
  }

  keep(bytes: Buffer, head: Head): void {
    this.#kept = new DataView(Uint8Array.from(bytes).buffer);
    this.head = head;
  }

  matches(bytes: Buffer, from: number, to: number): boolean {
    const kept = this.#kept;
    const { byteLength } = kept;
    if (byteLength === 0 || to - from < byteLength) return false;
    const view = this.#viewOf(bytes);
    // The last word overlaps the one before.
    const last = byteLength - STEP;
    for (let at = 0; at < last; at += STEP) if (view.getInt32(from + at) !== kept.getInt32(at)) return false;
    return view.getInt32(from + last) === kept.getInt32(last);
  }

  #viewOf(bytes: Buffer): DataView {
    if (bytes !== this.#buffer) {
      this.#buffer = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.#view;
  }
}
