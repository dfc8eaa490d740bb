import type { ErrorCode } from '@meshwise/core';

/**
 * `warning`: Meshwise works, with less than it could do. `failed`: something people need does not work.
 * `unknown`: it could not be found out, which is never shown as `ok`.
 */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'unknown';

export interface Finding {
  readonly status: CheckStatus;
  /** What is there, in a few words. */
  readonly found: string;
  /** What to do about it; present whenever the status is not `ok`, as far as there is something to do. */
  readonly advice?: string;
  /** The error a user would meet. */
  readonly code?: ErrorCode;
}

/** One thing that is looked at. All it reads is given to it when it is made, so that tests show it any machine. */
export interface Check {
  /** Stable: scripts select by it. */
  readonly id: string;
  readonly title: string;
  run(signal: AbortSignal): Promise<Finding> | Finding;
}

export interface CheckResult extends Finding {
  readonly id: string;
  readonly title: string;
}

export const ok = (found: string): Finding => ({ status: 'ok', found });
export const warning = (found: string, advice: string): Finding => ({ status: 'warning', found, advice });
export const failed = (found: string, advice: string, code?: ErrorCode): Finding => ({
  status: 'failed',
  found,
  advice,
  ...(code === undefined ? {} : { code }),
});
export const unknown = (found: string): Finding => ({ status: 'unknown', found });
