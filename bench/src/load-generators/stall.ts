import type { Quantiles } from './generator.ts';

/** A server that answers at once, but for a time in which it stands still. */
export interface Stall {
  readonly durationMs: number;
  readonly stallMs: number;
}

/**
 * What callers wait who come evenly over the whole time: those of the stall until its end, which is anything from all of it to
 * nothing, each as often; the others next to nothing.
 */
export function trueQuantiles({ durationMs, stallMs }: Stall): Quantiles {
  const before = 1 - stallMs / durationMs;
  const at = (share: number) => Math.max(0, (share - before) * durationMs);
  return { p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99), p999Ms: at(0.999) };
}
