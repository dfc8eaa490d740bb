import type { CliContext } from './context.ts';

/** Runs work that goes on until the user stops it: the first signal aborts, and that is a good end. */
export async function untilStopped(context: CliContext, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const off = context.onSignal(() => stop.abort());
  try {
    await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    off();
    // Whatever ended the work, no request of it stays open.
    stop.abort();
  }
}
