import type { ErrorKind } from '../../result/interval.ts';
import type { Protocol } from '../connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { InFlight } from './in-flight.ts';
import type { IntervalRecorder } from './interval-recorder.ts';
import type { Slot } from './slot.ts';

export interface FlowOptions {
  readonly protocol: Protocol;
  readonly recorder: IntervalRecorder;
  readonly chooseRequest: () => number;
  readonly timeoutMs: number;
}

/** A request from its sending to its end, and the three times: S (sent → done), R (intended → done), L (intended → sent). */
export class RequestFlow {
  readonly #options: FlowOptions;
  readonly #recorder: IntervalRecorder;
  readonly #timeoutNs: number;
  readonly #inFlight = new InFlight();

  constructor(options: FlowOptions) {
    this.#options = options;
    this.#recorder = options.recorder;
    this.#timeoutNs = options.timeoutMs * 1e6;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  send(pool: ConnectionPool, slot: Slot, intendedNs: number, nowNs: number): void {
    const token = this.#inFlight.add(slot, intendedNs, nowNs);
    const bytes = pool.send(slot, this.#options.chooseRequest(), token);
    this.#recorder.sent(nowNs - intendedNs, bytes);
  }

  done(token: number, status: number, bytes: number, nowNs: number, message = ''): void {
    const responseNs = nowNs - this.#inFlight.intendedNs(token);
    const kind = this.#options.protocol.judge(status);
    if (kind === null) this.#recorder.completed(status, nowNs - this.#inFlight.sentNs(token), responseNs, bytes);
    else this.#recorder.failed(kind, statusWords(status, message), status, responseNs, bytes);
    this.#inFlight.remove(token);
  }

  failed(token: number, kind: ErrorKind, message: string, bytes: number, nowNs: number): void {
    this.#recorder.failed(kind, message, null, nowNs - this.#inFlight.intendedNs(token), bytes);
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
