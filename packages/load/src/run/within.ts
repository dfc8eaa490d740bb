import type { Clock } from '@meshwise/core';

/** Waits for a promise, but not longer than `timeoutMs`. False when it took longer; that it goes on is the caller's affair. */
export async function within(clock: Clock, timeoutMs: number, promise: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const cancel = clock.after(timeoutMs, () => late.resolve(false));
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    cancel();
  }
}
