/**
 * Bounds what waits for readers, over all streams.
 *
 * A stream has one response per type under way, but gRPC copies each as it is written, so 2,000 proxies that start at
 * once with half a megabyte each would take a gigabyte. Above the budget, streams wait for others to have been read;
 * one that does not read at all is ended by its own timeout and gives back what it held.
 */
import type { StreamSession } from './stream-session.ts';

export class UnreadBudget {
  readonly #limitBytes: number;
  readonly #waiting = new Set<StreamSession>();
  #unreadBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Lets a session send what it has to send, now or when there is room. */
  pump(session: StreamSession): void {
    if (this.#unreadBytes < this.#limitBytes) session.pump();
    else this.#waiting.add(session);
  }

  sent(bytes: number): void {
    this.#unreadBytes += bytes;
  }

  read(bytes: number): void {
    this.#unreadBytes -= bytes;
    for (const session of this.#waiting) {
      if (this.#unreadBytes >= this.#limitBytes) return;
      this.#waiting.delete(session);
      session.pump();
    }
  }

  forget(session: StreamSession): void {
    this.#waiting.delete(session);
  }
}
