import type { ResourceKey } from '@meshwise/resources';

/** What a reconciler says about when to look again. */
export interface Result {
  /** Look at the key again after this time even if nothing changes. Unset: only when something changes. */
  readonly requeueAfterMs?: number;
}

/** Nothing more to do until something changes. */
export const DONE: Result = {};

/**
 * Brings the world one step closer to what a resource asks for. It is level-based, as controller-runtime's
 * `reconcile.Reconciler` is: the request names a key and never says what happened to it, so the reconciler reads the
 * store, compares and converges, and a missed or doubled event changes nothing.
 *
 * - A returned result ends the work on this key, with another look after `requeueAfterMs` if given.
 * - A thrown error is retried with exponential back-off.
 * - A thrown `TerminalError` is not retried: only a change of the resource can help.
 * - One key is never reconciled twice at the same time.
 */
export type Reconcile = (key: ResourceKey, signal: AbortSignal) => Promise<Result>;

/** Wraps an error that trying again cannot mend, such as a spec that contradicts itself. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
  }
}
