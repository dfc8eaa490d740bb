import { MalformedAnswer } from './malformed-answer.ts';
import type { Stream } from './stream.ts';

const MAX_STREAM_ID = 0x7fff_ffff;

/** The streams of one connection: those under way, and how many more there may be (RFC 9113 5.1). */
export class Streams {
  readonly #byId = new Map<number, Stream>();
  readonly #limit: number;
  #allowed = 0;
  #nextId = 1;
  /** No more are begun, after GOAWAY or when the numbers have run out; those under way go on. */
  isLeaving = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Until it is called for the first time there may be none. */
  allow(maxConcurrent: number): void {
    this.#allowed = Math.min(this.#limit, maxConcurrent);
  }

  get capacity(): number {
    return this.isLeaving ? 0 : Math.max(0, this.#allowed - this.#byId.size);
  }

  get size(): number {
    return this.#byId.size;
  }

  takeId(): number {
    const id = this.#nextId;
    this.#nextId += 2;
    if (this.#nextId > MAX_STREAM_ID) this.isLeaving = true;
    return id;
  }

  add(stream: Stream): void {
    this.#byId.set(stream.id, stream);
  }

  delete(stream: Stream): void {
    this.#byId.delete(stream.id);
  }

  /** Undefined when the stream is over; one that never was must not be spoken of. */
  find(id: number): Stream | undefined {
    if (id % 2 === 0 || id >= this.#nextId) throw new MalformedAnswer('a frame is about a stream that does not exist');
    return this.#byId.get(id);
  }

  ofToken(token: number): Stream | undefined {
    return this.all().find((stream) => stream.token === token);
  }

  /** As they are now, in the order in which they began. */
  all(): readonly Stream[] {
    return [...this.#byId.values()];
  }
}
