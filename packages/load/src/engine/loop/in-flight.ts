import type { Slot } from './slot.ts';

const NONE = -1;

/**
 * Requests under way. A token is a row of a table; rows are in a list in the order of sending, so that the one that times out
 * next is the first. Rows are used again, and nothing is allocated once there are as many as are ever under way together.
 */
export class InFlight {
  #intendedNs = new Float64Array(64);
  #sentNs = new Float64Array(64);
  #previous = new Int32Array(64);
  #next = new Int32Array(64);
  readonly #slots: (Slot | undefined)[] = [];
  #rows = 0;
  #freed = NONE;
  #oldest = NONE;
  #newest = NONE;
  size = 0;

  add(slot: Slot, intendedNs: number, sentNs: number): number {
    const token = this.#row();
    this.#intendedNs[token] = intendedNs;
    this.#sentNs[token] = sentNs;
    this.#slots[token] = slot;
    this.#previous[token] = this.#newest;
    this.#next[token] = NONE;
    if (this.#newest === NONE) this.#oldest = token;
    else this.#next[this.#newest] = token;
    this.#newest = token;
    this.size += 1;
    return token;
  }

  remove(token: number): void {
    const previous = this.#previous[token] ?? NONE;
    const next = this.#next[token] ?? NONE;
    if (previous === NONE) this.#oldest = next;
    else this.#next[previous] = next;
    if (next === NONE) this.#newest = previous;
    else this.#previous[next] = previous;
    this.#next[token] = this.#freed;
    this.#freed = token;
    this.size -= 1;
  }

  intendedNs(token: number): number {
    return this.#intendedNs[token] ?? 0;
  }

  sentNs(token: number): number {
    return this.#sentNs[token] ?? 0;
  }

  slot(token: number): Slot | undefined {
    return this.#slots[token];
  }

  /** The token that was sent first; below zero when there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  #row(): number {
    if (this.#freed !== NONE) {
      const token = this.#freed;
      this.#freed = this.#next[token] ?? NONE;
      return token;
    }
    if (this.#rows === this.#next.length) this.#grow();
    this.#rows += 1;
    return this.#rows - 1;
  }

  #grow(): void {
    const length = this.#next.length * 2;
    const longer = <T extends Float64Array | Int32Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#intendedNs = longer(new Float64Array(length), this.#intendedNs);
    this.#sentNs = longer(new Float64Array(length), this.#sentNs);
    this.#previous = longer(new Int32Array(length), this.#previous);
    this.#next = longer(new Int32Array(length), this.#next);
  }
}
