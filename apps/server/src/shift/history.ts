import type { ShiftPoint } from '@meshwise/api';
import { addLatencies, countOf, NO_LATENCIES, percentileMs } from './latencies.ts';
import type { Weights } from './weights.ts';
import type { Measured } from './window.ts';

/** About ten minutes. */
const MOST_POINTS = 300;
/** Readings of which a point has its latencies: Envoy hands them over every few seconds, so that a single one may have none. */
const SMOOTHED = 3;

/** What each shift looked like over time, for charts. In memory: a new daemon begins anew, and the page says from when. */
export class ShiftHistory {
  readonly #points = new Map<string, ShiftPoint[]>();
  readonly #recent = new Map<string, Measured[]>();

  of(key: string): readonly ShiftPoint[] {
    return this.#points.get(key) ?? [];
  }

  forget(key: string): void {
    this.#points.delete(key);
    this.#recent.delete(key);
  }

  add(key: string, atMs: number, step: number, set: Weights, measured: Measured): void {
    if (measured.elapsedMs <= 0) return;
    const recent = [...(this.#recent.get(key) ?? []), measured].slice(-SMOOTHED);
    this.#recent.set(key, recent);
    const total = [...measured.versions.values()].reduce((sum, { requests }) => sum + requests, 0);
    const versions = [...measured.versions].map(([name, { requests, errors }]) => {
      const latencies = recent
        .map((one) => one.versions.get(name)?.latencies ?? NO_LATENCIES)
        .reduce(addLatencies, NO_LATENCIES);
      return {
        name,
        setPercent: set[name] ?? null,
        requestsPerSecond: (requests * 1_000) / measured.elapsedMs,
        sharePercent: total === 0 ? null : (requests * 100) / total,
        errorPercent: requests === 0 ? null : (errors * 100) / requests,
        p50Ms: percentileMs(latencies, 50) ?? null,
        p99Ms: percentileMs(latencies, 99) ?? null,
        latencySamples: countOf(latencies),
      };
    });
    const points = [...(this.#points.get(key) ?? []), { at: new Date(atMs).toISOString(), step, versions }];
    this.#points.set(key, points.slice(-MOST_POINTS));
  }
}
