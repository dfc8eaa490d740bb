import type { Clock, Logger } from '@meshwise/core';
import type { RunningProxy } from '@meshwise/platform';
import { type ProxyTraffic, readProxyTraffic, trafficSince } from './proxy-traffic.ts';

/** What all proxies did in the time before a question. */
export interface TrafficWindow {
  readonly atMs: number;
  /** How long the window really is. Zero: nothing is known yet. */
  readonly elapsedMs: number;
  /** By the id of the proxy; those that did not answer are missing. */
  readonly proxies: ReadonlyMap<string, ProxyTraffic>;
}

interface Reading {
  readonly monotonicMs: number;
  readonly asked: ReadonlySet<string>;
  readonly proxies: ReadonlyMap<string, ProxyTraffic>;
}

/** SMI, TrafficMetrics: the window of its examples. */
const WINDOW_MS = 30_000;
const INTERVAL_MS = 10_000;
/** As many as are needed to look back over a window, and one more. */
const KEPT = WINDOW_MS / INTERVAL_MS + 2;

export interface TrafficRecorderOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly proxies: () => readonly RunningProxy[];
  readonly read?: typeof readProxyTraffic;
}

/**
 * Reads every proxy now and then, so that whoever asks is told what came in the last half minute: the difference between a
 * reading made for the question and the one that is nearest to a window ago.
 */
export class TrafficRecorder {
  readonly #options: TrafficRecorderOptions;
  #readings: readonly Reading[] = [];
  #asking: Promise<Reading> | undefined;

  constructor(options: TrafficRecorderOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      await this.record().catch((error: unknown) => logger.warn('reading traffic failed', { error: String(error) }));
      await clock.sleep(INTERVAL_MS, signal).catch(() => undefined);
    }
  }

  async record(): Promise<void> {
    const reading = await this.#read();
    this.#readings = [...this.#readings, reading].slice(-KEPT);
  }

  async window(): Promise<TrafficWindow> {
    const earlier = this.#readings;
    const now = await this.#readShared();
    const age = (reading: Reading) => Math.abs(now.monotonicMs - reading.monotonicMs - WINDOW_MS);
    const begin = earlier.reduce<Reading | undefined>(
      (best, one) => (best === undefined || age(one) < age(best) ? one : best),
      undefined,
    );
    const atMs = this.#options.clock.nowMs();
    if (begin === undefined) return { atMs, elapsedMs: 0, proxies: new Map() };
    const inWindow = earlier.filter(({ monotonicMs }) => monotonicMs >= begin.monotonicMs);
    const proxies = [...now.proxies].flatMap(([id, traffic]) => {
      const before = inWindow.find(({ asked, proxies: read }) => !asked.has(id) || read.has(id));
      // One that never answered may have counted for hours.
      return before === undefined ? [] : [[id, trafficSince(before.proxies.get(id), traffic)] as const];
    });
    return { atMs, elapsedMs: now.monotonicMs - begin.monotonicMs, proxies: new Map(proxies) };
  }

  /** Questions that come together are answered together. */
  #readShared(): Promise<Reading> {
    this.#asking ??= this.#read().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #read(): Promise<Reading> {
    const { clock, proxies, read = readProxyTraffic } = this.#options;
    const all = proxies().flatMap(({ descriptor: { id, role }, adminSocketPath }) =>
      role === 'node' ? [] : [{ id, role, adminSocketPath }],
    );
    const answers = await Promise.all(
      all.map(async ({ id, role, adminSocketPath }) => {
        const traffic = await read(adminSocketPath, role).catch(() => undefined);
        return traffic === undefined ? [] : [[id, traffic] as const];
      }),
    );
    return {
      monotonicMs: clock.monotonicMs(),
      asked: new Set(all.map(({ id }) => id)),
      proxies: new Map(answers.flat()),
    };
  }
}
