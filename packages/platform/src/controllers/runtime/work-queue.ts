import type { Clock } from '@meshwise/core';
import { keyText, type ResourceKey } from '@meshwise/resources';

interface Delayed {
  readonly dueMs: number;
  readonly cancel: () => void;
}

/**
 * Keys that wait for a worker (client-go's `workqueue`). A key waits at most once; a key added while a worker holds it
 * waits until that worker is done, so that one key never has two workers. Order is that of adding.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, ResourceKey>();
  readonly #running = new Set<string>();
  readonly #again = new Map<string, ResourceKey>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #takers: ((key: ResourceKey | undefined) => void)[] = [];
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#waiting.size + this.#again.size;
  }

  get running(): number {
    return this.#running.size;
  }

  add(key: ResourceKey): void {
    if (this.#closed) return;
    const text = keyText(key);
    if (this.#running.has(text)) {
      this.#again.set(text, key);
      return;
    }
    const taker = this.#takers.shift();
    if (taker === undefined) {
      this.#waiting.set(text, key);
    } else {
      this.#running.add(text);
      taker(key);
    }
  }

  /** Adds the key after a delay; of several delays for one key the earliest counts. */
  addAfter(key: ResourceKey, delayMs: number): void {
    if (this.#closed) return;
    const text = keyText(key);
    const dueMs = this.#clock.monotonicMs() + delayMs;
    const pending = this.#delayed.get(text);
    if (pending !== undefined && pending.dueMs <= dueMs) return;
    pending?.cancel();
    const cancel = this.#clock.after(delayMs, () => {
      this.#delayed.delete(text);
      this.add(key);
    });
    this.#delayed.set(text, { dueMs, cancel });
  }

  /** The next key, which is then the caller's until `done`; undefined once the queue is closed. */
  take(): Promise<ResourceKey | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    for (const [text, key] of this.#waiting) {
      this.#waiting.delete(text);
      this.#running.add(text);
      return Promise.resolve(key);
    }
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  done(key: ResourceKey): void {
    const text = keyText(key);
    this.#running.delete(text);
    const again = this.#again.get(text);
    if (again === undefined) return;
    this.#again.delete(text);
    this.add(again);
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    this.#again.clear();
    for (const delayed of this.#delayed.values()) delayed.cancel();
    this.#delayed.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }
}
