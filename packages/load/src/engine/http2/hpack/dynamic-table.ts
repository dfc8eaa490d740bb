import type { Field } from './static-table.ts';

/** RFC 7541 4.1: what an entry counts for besides its characters. */
const ENTRY_OVERHEAD = 32;

export function sizeOf({ name, value }: Field): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}

/** RFC 7541 2.3.2: the fields that were sent lately. Newest first, bounded by their size, the oldest gives way. */
export class DynamicTable {
  /** Oldest first, so that adding is cheap; what has given way is cut off now and then. */
  #fields: Field[] = [];
  #gone = 0;
  #size = 0;
  #maxSize: number;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get maxSize(): number {
    return this.#maxSize;
  }

  /** The field of an index that counts from zero, the newest. */
  at(index: number): Field | undefined {
    const place = this.#fields.length - 1 - index;
    return place < this.#gone ? undefined : this.#fields[place];
  }

  add(field: Field): void {
    this.#fields.push(field);
    this.#size += sizeOf(field);
    this.#shrink();
  }

  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    this.#shrink();
  }

  #shrink(): void {
    while (this.#size > this.#maxSize) {
      const oldest = this.#fields[this.#gone];
      if (oldest === undefined) break;
      this.#size -= sizeOf(oldest);
      this.#gone += 1;
    }
    if (this.#gone < 128) return;
    this.#fields = this.#fields.slice(this.#gone);
    this.#gone = 0;
  }
}
