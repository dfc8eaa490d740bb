import type { StatusView } from '@meshwise/api';
import type { Clock } from '@meshwise/core';
import { type Failure, FailureError } from '../logic/failure.ts';
import type { Connection } from '../logic/freshness.ts';
import { isStatusView } from '../logic/status-shape.ts';
import type { OpenStream } from './event-stream.ts';

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;

export interface LiveSourceOptions {
  readonly clock: Clock;
  readonly openStream: OpenStream;
  /** Reads the status once and stores it; rejects with FailureError. */
  readonly read: () => Promise<unknown>;
  /** Stores a status that came by the stream. */
  readonly store: (status: StatusView) => void;
  /** Stores what the stream says of load tests that go on, whatever it is. */
  readonly storeRuns?: (runs: unknown) => void;
}

/**
 * Keeps the page's status current: one read, then the stream. A stream that the browser gives up (an HTTP error) is
 * opened again after a read has succeeded, with growing pauses; without a session it stops, since only signing in helps.
 */
export class LiveSource {
  readonly #options: LiveSourceOptions;
  readonly #listeners = new Set<() => void>();
  #connection: Connection = { phase: 'connecting', heardAtMs: undefined, lastEventId: undefined };
  #failure: Failure | undefined;
  #closeStream: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #retryMs = FIRST_RETRY_MS;
  /** Grows with each start and stop, so that an answer to an abandoned attempt is ignored. */
  #attempt = 0;

  constructor(options: LiveSourceOptions) {
    this.#options = options;
  }

  /** Stable until something changes, as useSyncExternalStore needs it. */
  readonly connection = (): Connection => this.#connection;

  /** Why the last read failed; kept until something succeeds, so that a retry does not make the page flicker. */
  readonly failure = (): Failure | undefined => this.#failure;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins, or begins anew at once: also what "Retry" and "Refresh" do. */
  async start(): Promise<void> {
    this.#stop();
    const attempt = this.#attempt;
    if (this.#connection.phase === 'paused') this.#set({ phase: 'connecting' });
    try {
      await this.#options.read();
    } catch (reason) {
      if (attempt !== this.#attempt) return;
      this.#failure = FailureError.from(reason).failure;
      this.#set({ phase: 'reconnecting' });
      if (this.#failure.kind !== 'unauthorised') this.#retryLater();
      return;
    }
    if (attempt !== this.#attempt) return;
    this.#heard({});
    this.#open();
  }

  /** Reads once without going live again: a refresh while paused. */
  async refresh(): Promise<void> {
    if (this.#connection.phase !== 'paused') return this.start();
    const attempt = this.#attempt;
    try {
      await this.#options.read();
      if (attempt === this.#attempt) this.#heard({});
    } catch (reason) {
      if (attempt !== this.#attempt) return;
      this.#failure = FailureError.from(reason).failure;
      this.#set({});
    }
  }

  pause(): void {
    this.#stop();
    this.#set({ phase: 'paused' });
  }

  /** Lets go of the connection, as for a hidden tab: a browser has only six of them per host. */
  suspend(): void {
    this.#stop();
  }

  #stop(): void {
    this.#attempt += 1;
    this.#cancelRetry?.();
    this.#closeStream?.();
    this.#cancelRetry = undefined;
    this.#closeStream = undefined;
  }

  #open(): void {
    this.#closeStream = this.#options.openStream({
      opened: () => this.#heard({ phase: 'live' }),
      ping: () => this.#heard({ phase: 'live' }),
      status: (data, eventId) => this.#receive(data, eventId),
      runs: (data) => {
        this.#options.storeRuns?.(parseJson(data));
        this.#heard({ phase: 'live' });
      },
      dropped: (final) => {
        this.#set({ phase: 'reconnecting' });
        if (!final) return;
        this.#stop();
        this.#retryLater();
      },
    });
  }

  #receive(data: string, eventId: string): void {
    const status = parseJson(data);
    if (!isStatusView(status)) return;
    this.#options.store(status);
    this.#heard({ phase: 'live', lastEventId: eventId === '' ? undefined : eventId });
  }

  #heard(change: Partial<Connection>): void {
    this.#retryMs = FIRST_RETRY_MS;
    this.#failure = undefined;
    this.#set({ heardAtMs: this.#options.clock.nowMs(), ...change });
  }

  #retryLater(): void {
    this.#cancelRetry = this.#options.clock.after(this.#retryMs, () => void this.start());
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #set(change: Partial<Connection>): void {
    this.#connection = { ...this.#connection, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
