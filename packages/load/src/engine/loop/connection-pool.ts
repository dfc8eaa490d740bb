import type { Clock } from '@meshwise/core';
import type { LoadConnections } from '../../plan/plan.ts';
import type { ErrorKind } from '../../result/interval.ts';
import type { Protocol } from '../connection.ts';
import type { Failure } from '../failure.ts';
import type { Random } from '../random.ts';
import { backOffMs } from './back-off.ts';
import { IdleSlots } from './idle-slots.ts';
import { type Loss, Slot, type SlotEvents } from './slot.ts';

/** What the loop has to know. Requests are its own affair; connections are the pool's. */
export interface PoolEvents {
  opened(): void;
  /** There is a slot that takes a request, where there may have been none. */
  room(): void;
  sentLater(token: number, bytes: number): void;
  done(token: number, status: number, bytes: number, message?: string): void;
  failed(token: number, kind: ErrorKind, message: string, bytes: number): void;
  /** A connection did not come about. `down` says whether there is any other; a request it was opened for has failed already. */
  couldNotOpen(failure: Failure, hadRequest: boolean): void;
}

export interface PoolOptions {
  readonly protocol: Protocol;
  /** Of this worker. */
  readonly count: number;
  readonly connections: LoadConnections;
  readonly clock: Clock;
  readonly random: Random;
}

/** The connections of a worker: opened before they are needed, replaced when they end, and left in peace while the target is away. */
export class ConnectionPool implements SlotEvents {
  readonly #options: PoolOptions;
  readonly #events: PoolEvents;
  readonly #slots: readonly Slot[];
  readonly #idle: IdleSlots;
  /** A connection for each request, opened when there is one. */
  readonly #isOnDemand: boolean;
  #openCount = 0;
  #lastFailure: Failure | null = null;
  #isClosed = false;
  /** Called when a connection has come about, or failed to, while they are opened for the first time. */
  #onTried: () => void = () => {};

  constructor(options: PoolOptions, events: PoolEvents) {
    const { requestsPerConnection, streamsPerConnection } = options.connections;
    this.#options = options;
    this.#events = events;
    this.#isOnDemand = requestsPerConnection?.max === 1;
    this.#idle = new IdleSlots(streamsPerConnection > 1);
    this.#slots = Array.from({ length: options.count }, () => new Slot(this));
  }

  /** Opens all: at one moment, or one after the other until one cannot be opened; then the rest are tried as after an outage. */
  async open(): Promise<void> {
    if (this.#isOnDemand) for (const slot of this.#slots) this.#idle.add(slot);
    else if (this.#options.connections.burst) await this.#try(this.#slots);
    else {
      for (const slot of this.#slots) {
        if (this.#lastFailure === null) await this.#try([slot]);
        else this.#retryLater(slot);
      }
    }
  }

  /** The slot that is to have the next request. */
  next(): Slot | undefined {
    return this.#idle.next();
  }

  /** Why there is no use in waiting for a connection; null when there is. */
  get down(): Failure | null {
    return this.#openCount === 0 && this.#idle.isEmpty ? this.#lastFailure : null;
  }

  /** On a slot that `next` gave. Answers with the bytes, as far as they are known already. */
  send(slot: Slot, request: number, token: number): number {
    if (!slot.hasConnection) this.#connect(slot);
    const bytes = slot.send(request, token);
    if (!slot.hasRoom) this.#idle.remove(slot);
    return bytes;
  }

  abandon(slot: Slot, token: number): void {
    slot.abandon(token);
    this.#retireIfDue(slot);
  }

  /** Nothing is heard of any connection from now on. */
  close(): void {
    this.#isClosed = true;
    for (const slot of this.#slots) {
      this.#idle.remove(slot);
      slot.close();
    }
    this.#onTried();
  }

  opened(): void {
    this.#openCount += 1;
    this.#lastFailure = null;
    this.#events.opened();
    this.#onTried();
  }

  room(slot: Slot): void {
    this.#idle.add(slot);
    this.#events.room();
  }

  sentLater(token: number, bytes: number): void {
    this.#events.sentLater(token, bytes);
  }

  done(slot: Slot, token: number, status: number, bytes: number, message?: string): void {
    this.#events.done(token, status, bytes, message);
    this.#retireIfDue(slot);
  }

  failed(slot: Slot, token: number, kind: ErrorKind, message: string, bytes: number): void {
    this.#events.failed(token, kind, message, bytes);
    this.#retireIfDue(slot);
  }

  lost(slot: Slot, { kind, message, wasOpen, wasUseful, hadRequest }: Loss): void {
    this.#idle.remove(slot);
    if (wasOpen) this.#openCount -= 1;
    this.#replace(slot, wasUseful);
    if (wasOpen || kind === null) return;
    this.#lastFailure = { kind, message };
    this.#events.couldNotOpen(this.#lastFailure, hadRequest);
    this.#onTried();
  }

  #retireIfDue(slot: Slot): void {
    if (slot.requestsLeft > 0 || slot.underWay > 0 || !slot.isOpen) return;
    const { isUseful } = slot;
    this.#openCount -= 1;
    slot.close();
    this.#replace(slot, isUseful);
  }

  #replace(slot: Slot, wasUseful: boolean): void {
    if (!wasUseful) this.#retryLater(slot);
    else this.#renew(slot);
  }

  #retryLater(slot: Slot): void {
    const { clock, random } = this.#options;
    slot.failures += 1;
    clock.after(backOffMs(slot.failures, random), () => this.#renew(slot));
  }

  #renew(slot: Slot): void {
    if (this.#isClosed || slot.hasConnection) return;
    if (this.#isOnDemand) this.room(slot);
    else this.#connect(slot);
  }

  #connect(slot: Slot): void {
    slot.open((events) => this.#options.protocol.open(events), this.#requestsOfNext());
  }

  #requestsOfNext(): number {
    const range = this.#options.connections.requestsPerConnection;
    if (range === null) return Number.POSITIVE_INFINITY;
    return range.min + Math.floor(this.#options.random() * (range.max - range.min + 1));
  }

  /** Until each has been tried once. */
  #try(slots: readonly Slot[]): Promise<void> {
    let left = slots.length;
    return new Promise((resolve) => {
      this.#onTried = () => {
        left -= 1;
        if (left > 0 && !this.#isClosed) return;
        this.#onTried = () => {};
        resolve();
      };
      for (const slot of slots) this.#connect(slot);
    });
  }
}
