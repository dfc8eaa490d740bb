import type { ErrorKind } from '../../result/interval.ts';
import type { Protocol } from '../connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { InFlight } from './in-flight.ts';
import type { Recorders } from './recorders.ts';
import type { Slot } from './slot.ts';

export interface FlowOptions {
  readonly protocol: Protocol;
  readonly recorders: Recorders;
  readonly chooseRequest: () => number;
  readonly timeoutMs: number;
}

/** A request from its sending to its end, and the three times: S (sent → done), R (intended → done), L (intended → sent). */
export class RequestFlow {
  readonly #options: FlowOptions;
  readonly #recorders: Recorders;
  readonly #timeoutNs: number;
  readonly #inFlight = new InFlight();

  constructor(options: FlowOptions) {
    this.#options = options;
    this.#recorders = options.recorders;
    this.#timeoutNs = options.timeoutMs * 1e6;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  send(pool: ConnectionPool, slot: Slot, intendedNs: number, nowNs: number): void {
    const token = this.#inFlight.add(slot, intendedNs, nowNs);
    const bytes = pool.send(slot, this.#options.chooseRequest(), token);
    this.#recorders.of(intendedNs).sent(nowNs - intendedNs, bytes);
  }

  sentLater(token: number, bytes: number): void {
    this.#recorders.of(this.#inFlight.intendedNs(token)).sentLater(bytes);
  }

  done(token: number, status: number, bytes: number, nowNs: number, message = ''): void {
    const intendedNs = this.#inFlight.intendedNs(token);
    const responseNs = nowNs - intendedNs;
    const recorder = this.#recorders.of(intendedNs);
    const kind = this.#options.protocol.judge(status);
    if (kind === null) recorder.completed(status, nowNs - this.#inFlight.sentNs(token), responseNs, bytes);
    else recorder.failed(kind, statusWords(status, message), status, responseNs, bytes);
    this.#inFlight.remove(token);
  }

  failed(token: number, kind: ErrorKind, message: string, bytes: number, nowNs: number): void {
    const intendedNs = this.#inFlight.intendedNs(token);
    this.#recorders.of(intendedNs).failed(kind, message, null, nowNs - intendedNs, bytes);
    this.#inFlight.remove(token);
  }

  /** Gives up what has waited for its answer for too long. */
  expire(pool: ConnectionPool, nowNs: number): void {
    for (;;) {
      const token = this.#inFlight.oldest;
      if (token < 0 || this.#inFlight.sentNs(token) + this.#timeoutNs > nowNs) return;
      const slot = this.#inFlight.slot(token);
      this.failed(token, 'timeout', `no answer after ${this.#options.timeoutMs} ms`, 0, nowNs);
      if (slot !== undefined) pool.abandon(slot, token);
    }
  }

  /** What is still under way has no end of its own. */
  stop(message: string, nowNs: number): void {
    while (this.#inFlight.oldest >= 0) this.failed(this.#inFlight.oldest, 'stopped', message, 0, nowNs);
  }
}

function statusWords(status: number, message: string): string {
  return message === '' ? `the status is ${status}` : `the status is ${status}: ${message}`;
}
