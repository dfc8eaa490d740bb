import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { keySourceId, type RemoteKeySource } from '@meshwise/model';
import { withoutPassword } from './failure.ts';
import { fetchKeySet } from './fetch-key-set.ts';
import type { ConnectInside } from './http-get.ts';
import { readKeySets, writeKeySets } from './key-set-file.ts';

/** Keys are asked for again this often, unless their server says otherwise (Cache-Control) within the bounds. */
const REFRESH_MS = 300_000;
const SHORTEST_REFRESH_MS = 10_000;
const LONGEST_REFRESH_MS = 1_200_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
const NO_KEYS = 'its key set has no key that can verify a signature (RSA, EC or OKP)';

export interface KeySetFetcherOptions {
  /** Keeps the last good keys. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hosts of the mesh, which the machine cannot reach. */
  readonly connectInside?: ConnectInside;
  /** Called with what is known of a source; with neither keys nor problem it is forgotten. */
  onResult(id: string, result: { readonly keys?: string; readonly problem?: string }): void;
}

interface Following {
  source: RemoteKeySource;
  readonly stop: AbortController;
  keys: string | undefined;
}

/**
 * Fetches the keys of token issuers for all proxies, as istiod does, so that a thousand proxies are one client of the
 * issuer. What was good stays good while the issuer is down, and no longer once it says that it has no keys; keys that were
 * never seen leave its tokens refused.
 */
export class KeySetFetcher {
  readonly #o: KeySetFetcherOptions;
  readonly #following = new Map<string, Following>();
  #stored: ReadonlyMap<string, string> = new Map();
  #writing: Promise<void> = Promise.resolve();

  constructor(options: KeySetFetcherOptions) {
    this.#o = options;
  }

  /** Reads what an earlier daemon knew; to be called before proxies are told anything. */
  async load(): Promise<void> {
    this.#stored = await readKeySets(this.#o.file, this.#o.logger);
  }

  /** Which sources are wanted now. */
  follow(sources: readonly RemoteKeySource[]): void {
    const wanted = new Map(sources.map((source) => [keySourceId(source), source]));
    for (const [id, { stop }] of this.#following) {
      if (wanted.has(id)) continue;
      stop.abort();
      this.#following.delete(id);
      this.#o.onResult(id, {});
    }
    for (const [id, source] of wanted) {
      const known = this.#following.get(id);
      if (known !== undefined) {
        // The same place with another timeout.
        known.source = source;
        continue;
      }
      const entry: Following = { source, stop: new AbortController(), keys: this.#stored.get(id) };
      this.#following.set(id, entry);
      if (entry.keys !== undefined) this.#o.onResult(id, { keys: entry.keys });
      void this.#run(id, entry);
    }
  }

  close(): void {
    for (const { stop } of this.#following.values()) stop.abort();
    this.#following.clear();
  }

  /** Resolves once what was learnt is on disk. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async #run(id: string, entry: Following): Promise<void> {
    const { clock } = this.#o;
    const { signal } = entry.stop;
    let failures = 0;
    while (!signal.aborted) {
      const next = await this.#fetch(id, entry);
      failures = next === undefined ? failures + 1 : 0;
      const retryMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
      await clock.sleep(next ?? retryMs, signal).catch(() => {});
    }
  }

  /** How long what was fetched may be used; undefined after a failure. */
  async #fetch(id: string, entry: Following): Promise<number | undefined> {
    const { logger, onResult, connectInside } = this.#o;
    try {
      const { keys, maxAgeMs } = await fetchKeySet(entry.source, connectInside);
      if (entry.stop.signal.aborted) return undefined;
      if (keys !== entry.keys) {
        entry.keys = keys;
        this.#store(id, keys);
        logger.info('keys of an issuer fetched', { source: withoutPassword(id) });
      }
      onResult(id, keys === undefined ? { problem: NO_KEYS } : { keys });
      return Math.min(LONGEST_REFRESH_MS, Math.max(SHORTEST_REFRESH_MS, maxAgeMs ?? REFRESH_MS));
    } catch (error) {
      if (entry.stop.signal.aborted) return undefined;
      const problem = MeshwiseError.from(error).summary;
      logger.warn('keys of an issuer could not be fetched', { source: withoutPassword(id), problem });
      onResult(id, { ...(entry.keys === undefined ? {} : { keys: entry.keys }), problem });
      return undefined;
    }
  }

  #store(id: string, keys: string | undefined): void {
    const kept = [...this.#stored].filter(([known]) => known !== id && this.#following.has(known));
    this.#stored = new Map(keys === undefined ? kept : [...kept, [id, keys]]);
    const snapshot = this.#stored;
    this.#writing = this.#writing
      .then(() => writeKeySets(this.#o.file, snapshot))
      .catch((error: unknown) => this.#o.logger.warn('keys could not be stored', { error: String(error) }));
  }
}
