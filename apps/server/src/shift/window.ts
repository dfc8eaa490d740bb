import type { ShiftVersion, ShiftVersionStatus } from '@meshwise/resources';
import { addLatencies, countOf, type Latencies, latenciesText, percentileMs, readLatencies } from './latencies.ts';
import type { Weights } from './weights.ts';

/** What one version did between two readings. */
export interface VersionDelta {
  readonly requests: number;
  readonly errors: number;
  readonly latencies: Latencies;
}

export interface Measured {
  /** Since the reading before. */
  readonly elapsedMs: number;
  readonly versions: ReadonlyMap<string, VersionDelta>;
  readonly proxies: { readonly read: number; readonly all: number };
}

/** Nothing seen yet: the begin of a step. */
export function emptyWindow(versions: readonly ShiftVersion[], set: Weights): ShiftVersionStatus[] {
  return versions.map(({ name }) => figuresOf(name, set[name], { requests: 0, errors: 0, latencies: new Map() }));
}

/** The window with what came since. */
export function extendWindow(
  window: readonly ShiftVersionStatus[],
  measured: Measured,
  options: { readonly mirrored: boolean },
): ShiftVersionStatus[] {
  const next = window.map((before) => {
    const delta = measured.versions.get(before.name);
    if (delta === undefined) return before;
    return figuresOf(before.name, before.setWeight, {
      requests: before.requests + delta.requests,
      errors: before.errors + delta.errors,
      latencies: addLatencies(readLatencies(before.latencies), delta.latencies),
    });
  });
  const all = next.reduce((sum, { requests }) => sum + requests, 0);
  // Envoy counts copies as requests of their cluster, so that shares would not be those of the route.
  if (all === 0 || options.mirrored) return next;
  return next.map((one) => ({ ...one, observedWeight: (one.requests * 100) / all }));
}

function figuresOf(
  name: string,
  setWeight: number | undefined,
  { requests, errors, latencies }: VersionDelta,
): ShiftVersionStatus {
  const p50Ms = percentileMs(latencies, 50);
  const p99Ms = percentileMs(latencies, 99);
  return {
    name,
    ...(setWeight === undefined ? {} : { setWeight }),
    requests,
    errors,
    ...(requests === 0 ? {} : { successRate: ((requests - errors) * 100) / requests }),
    latencySamples: countOf(latencies),
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p99Ms === undefined ? {} : { p99Ms }),
    latencies: latenciesText(latencies),
  };
}
