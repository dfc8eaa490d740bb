import type { Clock } from '@meshwise/core';
import { fullHost } from '@meshwise/model';
import type { RunningProxy } from '@meshwise/platform';
import type { ShiftVersion } from '@meshwise/resources';
import { HISTOGRAM_LAG_MS } from '../metrics/detailed-stats.ts';
import { type ClusterStats, readClusterStats } from './cluster-stats.ts';
import { addLatencies, latenciesSince, NO_LATENCIES } from './latencies.ts';
import type { Names } from './route.ts';
import { isCluster } from './versions.ts';
import type { Measured, VersionDelta } from './window.ts';

/** What a shift measures of: its versions, as callers see them. */
export interface Subject {
  readonly key: string;
  readonly versions: readonly ShiftVersion[];
  readonly names: Names;
}

/** Measures versions between one reading and the next; each key has its own readings. */
export interface ShiftMeter {
  /** Reads now, so that the next reading begins here. */
  restart(subject: Subject): Promise<void>;
  /** What came since the last reading; the first one only begins. */
  read(subject: Subject): Promise<Measured | undefined>;
  forget(key: string): void;
}

export type ProxyStats = ReadonlyMap<string, ClusterStats>;

interface Reading {
  readonly monotonicMs: number;
  /** By proxy, those that answered. */
  readonly proxies: ReadonlyMap<string, ProxyStats>;
}

interface Begun {
  readonly sinceMs: number;
  readonly last: Reading;
}

export interface EnvoyMeterOptions {
  readonly clock: Clock;
  readonly proxies: () => readonly RunningProxy[];
  readonly read?: (adminSocketPath: string, hosts: readonly string[]) => Promise<ProxyStats>;
}

/**
 * Asks every proxy what it sent to the versions. Windows are honest: a proxy whose earlier counters are not known begins with
 * this reading, and latencies count only from the first reading that can hold none from before the window.
 */
export class EnvoyMeter implements ShiftMeter {
  readonly #options: EnvoyMeterOptions;
  readonly #begun = new Map<string, Begun>();

  constructor(options: EnvoyMeterOptions) {
    this.#options = options;
  }

  async restart(subject: Subject): Promise<void> {
    const last = await this.#reading(subject);
    this.#begun.set(subject.key, { sinceMs: last.monotonicMs, last });
  }

  async read(subject: Subject): Promise<Measured | undefined> {
    const begun = this.#begun.get(subject.key);
    if (begun === undefined) {
      await this.restart(subject);
      return undefined;
    }
    const { sinceMs, last: before } = begun;
    const now = await this.#reading(subject);
    // A proxy that did not answer this time is asked about the whole time the next.
    const proxies = new Map([...before.proxies, ...now.proxies]);
    this.#begun.set(subject.key, { sinceMs, last: { ...now, proxies } });
    const withLatencies = before.monotonicMs - sinceMs >= HISTOGRAM_LAG_MS;
    return {
      elapsedMs: now.monotonicMs - before.monotonicMs,
      versions: deltasOf(subject, before.proxies, now.proxies, withLatencies),
      proxies: { read: now.proxies.size, all: this.#options.proxies().length },
    };
  }

  forget(key: string): void {
    this.#begun.delete(key);
  }

  async #reading({ versions, names }: Subject): Promise<Reading> {
    const { clock, read = readClusterStats } = this.#options;
    const hosts = [...new Set(versions.map(({ host }) => fullHost(host, names.namespace, names.clusterDomain)))];
    const answers = await Promise.all(
      this.#options.proxies().map(async ({ descriptor, adminSocketPath }) => {
        const stats = await read(adminSocketPath, hosts).catch(() => undefined);
        return stats === undefined ? [] : [[descriptor.id, stats] as const];
      }),
    );
    return { monotonicMs: clock.monotonicMs(), proxies: new Map(answers.flat()) };
  }
}

function deltasOf(
  { versions, names }: Subject,
  before: ReadonlyMap<string, ProxyStats>,
  now: ReadonlyMap<string, ProxyStats>,
  withLatencies: boolean,
): Map<string, VersionDelta> {
  const nothing: VersionDelta = { requests: 0, errors: 0, latencies: NO_LATENCIES };
  const deltas = new Map(versions.map(({ name }) => [name, nothing]));
  for (const [proxy, stats] of now) {
    const earlier = before.get(proxy);
    if (earlier === undefined) continue;
    for (const [cluster, current] of stats) {
      const version = versions.find((one) => isCluster(one, cluster, names.namespace, names.clusterDomain));
      if (version === undefined) continue;
      const sum = deltas.get(version.name) ?? nothing;
      const delta = since(earlier.get(cluster), current);
      deltas.set(version.name, {
        requests: sum.requests + delta.requests,
        errors: sum.errors + delta.errors,
        latencies: withLatencies ? addLatencies(sum.latencies, delta.latencies) : NO_LATENCIES,
      });
    }
  }
  return deltas;
}

/** A cluster that a known proxy had not used began at zero; counters that fell did so again. */
function since(before: ClusterStats | undefined, now: ClusterStats): VersionDelta {
  if (before === undefined || now.requests < before.requests) return now;
  return {
    requests: now.requests - before.requests,
    errors: Math.max(0, now.errors - before.errors),
    latencies: latenciesSince(before.latencies, now.latencies),
  };
}
