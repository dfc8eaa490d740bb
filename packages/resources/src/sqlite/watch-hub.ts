import type { Clock } from '@meshwise/core';
import type { GroupKind } from '../store.ts';

/** Why a waiting watch goes on. */
export type Wake = { readonly reason: 'change'; readonly version: number } | { readonly reason: 'bookmark' | 'end' };

interface Waiter {
  readonly kind: GroupKind | undefined;
  readonly wake: (wake: Wake) => void;
}

/** Wakes watches in this process right after a commit. Watches read the log themselves, so a slow one buffers nothing. */
export class WatchHub {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for the next change of a kind (of any when undefined), the time for a bookmark, or the end of the watch. */
  wait(kind: GroupKind | undefined, bookmarkMs: number, signal: AbortSignal): Promise<Wake> {
    return new Promise((resolve) => {
      if (this.#closed || signal.aborted) return resolve({ reason: 'end' });
      const finish = (wake: Wake) => {
        this.#waiters.delete(waiter);
        cancel();
        signal.removeEventListener('abort', onAbort);
        resolve(wake);
      };
      const onAbort = () => finish({ reason: 'end' });
      const waiter: Waiter = { kind, wake: finish };
      const cancel = this.#clock.after(bookmarkMs, () => finish({ reason: 'bookmark' }));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  changed(kind: GroupKind, version: number): void {
    for (const waiter of [...this.#waiters]) {
      const { kind: wanted } = waiter;
      if (wanted === undefined || (wanted.group === kind.group && wanted.kind === kind.kind)) {
        waiter.wake({ reason: 'change', version });
      }
    }
  }

  close(): void {
    this.#closed = true;
    for (const waiter of [...this.#waiters]) waiter.wake({ reason: 'end' });
  }
}
