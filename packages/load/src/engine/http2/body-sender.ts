import { DEFAULT_MAX_FRAME_BYTES, DEFAULT_WINDOW_BYTES, FLAG, FRAME, frame, MAX_WINDOW_BYTES } from './frames.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import type { Outgoing } from './outgoing.ts';
import type { Stream } from './stream.ts';

/** RFC 9113 5.2 from the sender's side: bodies go out as far as the windows of their stream and of the connection let them. */
export class BodySender {
  readonly #outgoing: Outgoing;
  readonly #waiting = new Set<Stream>();
  #connectionWindow = DEFAULT_WINDOW_BYTES;
  /** Of the streams to come. */
  initialWindow = DEFAULT_WINDOW_BYTES;

  constructor(outgoing: Outgoing) {
    this.#outgoing = outgoing;
  }

  send(stream: Stream): void {
    const { body, id } = stream;
    if (body === null) return;
    while (stream.sentBytes < body.length) {
      const room = Math.min(DEFAULT_MAX_FRAME_BYTES, stream.sendWindow, this.#connectionWindow);
      if (room <= 0) {
        this.#waiting.add(stream);
        return;
      }
      const part = body.subarray(stream.sentBytes, stream.sentBytes + room);
      stream.sentBytes += part.length;
      stream.sendWindow -= part.length;
      this.#connectionWindow -= part.length;
      const flags = stream.sentBytes === body.length ? FLAG.endStream : 0;
      this.#outgoing.append(frame(FRAME.data, flags, id, part));
    }
    this.#waiting.delete(stream);
  }

  /** The rest of it is not wanted any more. */
  forget(stream: Stream): void {
    this.#waiting.delete(stream);
  }

  /** RFC 9113 6.9. */
  widenConnection(bytes: number): void {
    this.#connectionWindow = widened(this.#connectionWindow, bytes);
    for (const stream of [...this.#waiting]) this.send(stream);
  }

  widenStream(stream: Stream, bytes: number): void {
    stream.sendWindow = widened(stream.sendWindow, bytes);
    this.send(stream);
  }

  /** RFC 9113 6.9.2: also streams under way get the difference. */
  changeInitialWindow(bytes: number, streams: Iterable<Stream>): void {
    const difference = bytes - this.initialWindow;
    this.initialWindow = bytes;
    for (const stream of streams) this.widenStream(stream, difference);
  }
}

function widened(window: number, bytes: number): number {
  if (window + bytes > MAX_WINDOW_BYTES) throw new MalformedAnswer('the server asks for more than any window may be');
  return window + bytes;
}
