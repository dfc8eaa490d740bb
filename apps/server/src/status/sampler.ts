import type { Clock, Logger } from '@meshwise/core';
import {
  type ProxyCounters,
  type RequestCounters,
  type RunningProxy,
  rates,
  readCounters,
  readSessionUse,
  type SessionUse,
  TICKS_PER_SECOND,
} from '@meshwise/platform';

export interface UseSample {
  readonly cpuMillicores: number | undefined;
  readonly memoryBytes: number;
}
export type TrafficSample = NonNullable<ReturnType<typeof rates>>;

/** What one proxy did in the last window. */
export interface ProxySample {
  /** By port of the workload. */
  readonly inbound: ReadonlyMap<number, TrafficSample>;
  readonly downstream: TrafficSample | undefined;
  /** By cluster. */
  readonly upstream: ReadonlyMap<string, UpstreamSample>;
}

export interface UpstreamSample {
  readonly traffic: TrafficSample;
  /** Undefined while there was no connection to tell by. */
  readonly mutualTls: boolean | undefined;
}

export interface Samples {
  /** By the pid that leads a session. */
  readonly use: ReadonlyMap<number, UseSample>;
  readonly proxies: ReadonlyMap<string, ProxySample>;
  readonly atMs: number | undefined;
  /** Time to the next sample. */
  readonly intervalMs: number;
}

interface Reading {
  readonly monotonicMs: number;
  readonly sessions: ReadonlyMap<number, SessionUse>;
  readonly counters: ReadonlyMap<string, { counters: ProxyCounters; monotonicMs: number }>;
}

/** While somebody watches, and while nobody does: then figures need not be newer than a person who comes to look. */
const WATCHED_MS = 2_000;
const UNWATCHED_MS = 10_000;

/** Reads CPU, memory and request counters of everything at an interval, and turns two readings into figures. */
export class Sampler {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #proxies: () => readonly RunningProxy[];
  #before: Reading | undefined;
  #samples: Samples = { use: new Map(), proxies: new Map(), atMs: undefined, intervalMs: WATCHED_MS };

  constructor(options: { clock: Clock; logger: Logger; proxies: () => readonly RunningProxy[] }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#proxies = options.proxies;
  }

  get latest(): Samples {
    return this.#samples;
  }

  async run(signal: AbortSignal, isWatched: () => boolean, onSample: () => void): Promise<void> {
    while (!signal.aborted) {
      await this.sample(isWatched() ? WATCHED_MS : UNWATCHED_MS).then(onSample, (error: unknown) =>
        this.#logger.warn('sampling failed', { error: String(error) }),
      );
      const dueMs = this.#clock.monotonicMs() + UNWATCHED_MS;
      do await this.#clock.sleep(WATCHED_MS, signal).catch(() => undefined);
      while (!signal.aborted && !isWatched() && this.#clock.monotonicMs() < dueMs);
    }
  }

  async sample(intervalMs: number): Promise<void> {
    const sessions = readSessionUse();
    const counters = new Map<string, { counters: ProxyCounters; monotonicMs: number }>();
    await Promise.all(
      this.#proxies().map(async ({ descriptor, adminSocketPath }) => {
        const read = await readCounters(adminSocketPath).catch(() => undefined);
        if (read !== undefined) {
          counters.set(descriptor.id, { counters: read, monotonicMs: this.#clock.monotonicMs() });
        }
      }),
    );
    const now: Reading = { monotonicMs: this.#clock.monotonicMs(), sessions, counters };
    this.#samples = { use: this.#use(now), proxies: this.#traffic(now), atMs: this.#clock.nowMs(), intervalMs };
    this.#before = now;
  }

  #use(now: Reading): Map<number, UseSample> {
    const elapsedMs = now.monotonicMs - (this.#before?.monotonicMs ?? now.monotonicMs);
    return new Map(
      [...now.sessions].map(([session, { cpuTicks, memoryBytes }]) => {
        const before = this.#before?.sessions.get(session);
        const cpuMs = before === undefined ? undefined : ((cpuTicks - before.cpuTicks) * 1000) / TICKS_PER_SECOND;
        const known = cpuMs !== undefined && elapsedMs > 0;
        const cpuMillicores = known ? Math.max(0, (cpuMs / elapsedMs) * 1000) : undefined;
        return [session, { cpuMillicores, memoryBytes }];
      }),
    );
  }

  #traffic(now: Reading): Map<string, ProxySample> {
    const samples = new Map<string, ProxySample>();
    for (const [id, { counters, monotonicMs }] of now.counters) {
      const before = this.#before?.counters.get(id);
      const between = (then: RequestCounters | undefined, current: RequestCounters) =>
        // A port that a known proxy had no requests on before began at zero.
        rates(
          before === undefined ? undefined : (then ?? { ...current, requests: 0, errors: 0 }),
          current,
          monotonicMs - (before?.monotonicMs ?? monotonicMs),
        );
      const inbound = new Map<number, TrafficSample>();
      for (const [port, current] of counters.inbound) {
        const sample = between(before?.counters.inbound.get(port), current);
        if (sample !== undefined) inbound.set(port, sample);
      }
      const upstream = new Map<string, UpstreamSample>();
      for (const [cluster, current] of counters.upstream) {
        const traffic = between(before?.counters.upstream.get(cluster), current);
        const mutualTls = current.connections === 0 ? undefined : current.handshakes > 0;
        if (traffic !== undefined) upstream.set(cluster, { traffic, mutualTls });
      }
      samples.set(id, { inbound, downstream: between(before?.counters.downstream, counters.downstream), upstream });
    }
    return samples;
  }
}
