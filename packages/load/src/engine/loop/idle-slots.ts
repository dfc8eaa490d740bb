import type { Slot } from './slot.ts';

/**
 * Connections that can take a request. With one request at a time the last one that became free is taken first: it is warm, and
 * few connections serve a low rate, as with a client's pool. With several, they take turns, so that the load spreads.
 */
export class IdleSlots {
  /** Never shorter than it was: an array that shrinks and grows again allocates each time. */
  readonly #slots: Slot[] = [];
  readonly #takeTurns: boolean;
  #size = 0;
  #turn = 0;

  constructor(takeTurns: boolean) {
    this.#takeTurns = takeTurns;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  add(slot: Slot): void {
    if (slot.idleAt >= 0) return;
    slot.idleAt = this.#size;
    this.#slots[this.#size] = slot;
    this.#size += 1;
  }

  /** The one that is to be used next; it stays until it is removed. */
  next(): Slot | undefined {
    if (this.#size === 0) return undefined;
    if (!this.#takeTurns) return this.#slots[this.#size - 1];
    this.#turn = (this.#turn + 1) % this.#size;
    return this.#slots[this.#turn];
  }

  remove(slot: Slot): void {
    const at = slot.idleAt;
    if (at < 0) return;
    this.#size -= 1;
    const last = this.#slots[this.#size];
    if (last !== undefined) {
      this.#slots[at] = last;
      last.idleAt = at;
    }
    slot.idleAt = -1;
  }
}
