import type { Slot } from './slot.ts';

/**
 * Connections that can take a request. With one request at a time the last one that became free is taken first: it is warm, and
 * few connections serve a low rate, as with a client's pool. With several, they take turns, so that the load spreads.
 */
export class IdleSlots {
  readonly #slots: Slot[] = [];
  readonly #takeTurns: boolean;
  #turn = 0;

  constructor(takeTurns: boolean) {
    this.#takeTurns = takeTurns;
  }

  get isEmpty(): boolean {
    return this.#slots.length === 0;
  }

  add(slot: Slot): void {
    if (slot.idleAt >= 0) return;
    slot.idleAt = this.#slots.length;
    this.#slots.push(slot);
  }

  /** The one that is to be used next; it stays until it is removed. */
  next(): Slot | undefined {
    if (!this.#takeTurns) return this.#slots[this.#slots.length - 1];
    this.#turn = (this.#turn + 1) % Math.max(1, this.#slots.length);
    return this.#slots[this.#turn];
  }

  remove(slot: Slot): void {
    const at = slot.idleAt;
    if (at < 0) return;
    const last = this.#slots.pop();
    if (last !== undefined && last !== slot) {
      this.#slots[at] = last;
      last.idleAt = at;
    }
    slot.idleAt = -1;
  }
}
