/** Hands values to one reader. Who does not keep up loses the oldest values and not the memory of the machine. */
export class BoundedQueue<Value> {
  readonly #limit: number;
  #values: Value[] = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(value: Value): void {
    this.#values.push(value);
    if (this.#values.length > this.#limit) this.#values.shift();
    this.#wake?.();
  }

  /** The reader gets what is there, then the error. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /** Ends when the signal aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<Value> {
    const wake = () => this.#wake?.();
    signal.addEventListener('abort', wake, { once: true });
    try {
      while (!signal.aborted) {
        const values = this.#values;
        this.#values = [];
        yield* values;
        if (this.#values.length > 0) continue;
        if (this.#failure !== undefined) throw this.#failure;
        if (signal.aborted) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }
}
