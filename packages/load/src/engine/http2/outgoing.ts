import type { Socket } from 'node:net';

const SLAB_BYTES = 65_536;
/** What we owe a server is answers to its PING and SETTINGS frames; one that asks and does not read gets no more. */
const MAX_WAITING_BYTES = 4 << 20;

/** Frames on their way to the socket: those of one turn of the event loop leave in one write. */
export class Outgoing {
  readonly #socket: Socket;
  /** Is written once from its beginning to its end and then replaced, since the socket may hold on to any part of it. */
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #from = 0;
  #to = 0;
  #isScheduled = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get isOverfull(): boolean {
    return this.#socket.writableLength > MAX_WAITING_BYTES;
  }

  /** Copies the bytes; they may change afterwards. */
  append(bytes: Buffer): void {
    if (bytes.length > this.#slab.length - this.#to) {
      this.#flush();
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes.length));
      this.#from = 0;
      this.#to = 0;
    }
    bytes.copy(this.#slab, this.#to);
    this.#to += bytes.length;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#to === this.#from || this.#socket.destroyed) return;
    this.#socket.write(this.#slab.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }
}
