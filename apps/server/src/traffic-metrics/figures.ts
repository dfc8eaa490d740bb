import { addLatencies, type Latencies, latenciesSince, NO_LATENCIES } from '../shift/latencies.ts';

/** Requests, how many of them failed, and how long they took. */
export interface Figures {
  readonly requests: number;
  /** Answered with 5xx, or not at all. */
  readonly failures: number;
  readonly latencies: Latencies;
}

export const NO_FIGURES: Figures = { requests: 0, failures: 0, latencies: NO_LATENCIES };

export function sumOf(all: readonly Figures[]): Figures {
  return all.reduce(
    (sum, one) => ({
      requests: sum.requests + one.requests,
      failures: sum.failures + one.failures,
      latencies: addLatencies(sum.latencies, one.latencies),
    }),
    NO_FIGURES,
  );
}

/** What came between two readings. Counters that fell were reset by a restart, and count from zero. */
export function since(before: Figures | undefined, now: Figures): Figures {
  if (before === undefined || now.requests < before.requests) return now;
  return {
    requests: now.requests - before.requests,
    failures: Math.max(0, now.failures - before.failures),
    latencies: latenciesSince(before.latencies, now.latencies),
  };
}
