/** Intended times of requests that wait for a connection, the oldest first. Holds so many and grows no further. */
export class Backlog {
  readonly #most: number;
  #times = new Float64Array(64);
  #first = 0;
  size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** False when it is full. */
  push(intendedNs: number): boolean {
    if (this.size >= this.#most) return false;
    if (this.size === this.#times.length) this.#grow();
    this.#times[(this.#first + this.size) % this.#times.length] = intendedNs;
    this.size += 1;
    return true;
  }

  /** Only when there is one. */
  shift(): number {
    const intendedNs = this.#times[this.#first] ?? 0;
    this.#first = (this.#first + 1) % this.#times.length;
    this.size -= 1;
    return intendedNs;
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times.subarray(this.#first));
    times.set(this.#times.subarray(0, this.#first), this.#times.length - this.#first);
    this.#times = times;
    this.#first = 0;
  }
}
