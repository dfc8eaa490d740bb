import { FLAG, FRAME_HEADER_BYTES } from './frames.ts';
import { AnswerTooLarge, MalformedAnswer } from './malformed-answer.ts';

/** The parts of a head that came in several frames (RFC 9113 6.10), bounded. */
export class HeadBlock {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  /** The stream whose head is not complete; zero when there is none. Until then no other frame may come. */
  stream = 0;
  endStream = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  begin(stream: number, endStream: boolean, bytes: Buffer, from: number, to: number): void {
    this.stream = stream;
    this.endStream = endStream;
    this.#parts = [];
    this.#bytes = 0;
    this.add(bytes, from, to);
  }

  /** Copies the part. Frames count too, so that empty ones come to an end. */
  add(bytes: Buffer, from: number, to: number): void {
    this.#bytes += to - from + FRAME_HEADER_BYTES;
    if (this.#bytes > this.#maxBytes) throw new AnswerTooLarge(`its head is larger than ${this.#maxBytes} bytes`);
    this.#parts.push(Buffer.from(bytes.subarray(from, to)));
  }

  end(): Buffer {
    this.stream = 0;
    return Buffer.concat(this.#parts);
  }
}

/** Where the payload of a DATA or HEADERS frame is, without padding and priority (RFC 9113 6.1 and 6.2). */
export function payloadRange(
  flags: number,
  hasPriority: boolean,
  bytes: Buffer,
  from: number,
  to: number,
): { readonly from: number; readonly to: number } {
  const isPadded = (flags & FLAG.padded) !== 0;
  const padding = isPadded ? (bytes[from] ?? 0) : 0;
  const start = from + (isPadded ? 1 : 0) + (hasPriority && (flags & FLAG.priority) !== 0 ? 5 : 0);
  if (start > to - padding) throw new MalformedAnswer('a frame is shorter than what it says to hold');
  return { from: start, to: to - padding };
}
