import type { CliContext } from '../context.ts';

/**
 * One Ctrl-C arrives several times: the terminal signals the whole group, and npm and the launcher each pass their own copy
 * on. Copies come within milliseconds; a person presses again later than this.
 */
const SAME_PRESS_MS = 700;

/** The user's wish to stop, and the wish to stop at once. Ends with `off`. */
export interface Interruptions {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly stop: AbortSignal;
  /** Aborted by the next one that is not a copy of the first. */
  readonly force: AbortSignal;
  off(): void;
}

export function interruptions(context: CliContext): Interruptions {
  const stop = new AbortController();
  const force = new AbortController();
  let firstMs = 0;
  const off = context.onSignal(() => {
    const nowMs = context.clock.monotonicMs();
    if (!stop.signal.aborted) {
      firstMs = nowMs;
      stop.abort();
    } else if (nowMs - firstMs >= SAME_PRESS_MS) force.abort();
  });
  return { stop: stop.signal, force: force.signal, off };
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
