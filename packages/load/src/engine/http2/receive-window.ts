import { MalformedAnswer } from './malformed-answer.ts';

/**
 * RFC 9113 5.2 from the receiver's side. What is received is used at once, so the window is given back as soon as half of it is
 * gone, and a server that sends beyond it breaks the protocol.
 */
export class ReceiveWindow {
  readonly #size: number;
  #used = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Answers with how much to give back now, usually nothing. */
  take(bytes: number): number {
    this.#used += bytes;
    if (this.#used > this.#size) throw new MalformedAnswer('the server sends more than it was allowed to');
    if (this.#used * 2 < this.#size) return 0;
    const back = this.#used;
    this.#used = 0;
    return back;
  }
}
