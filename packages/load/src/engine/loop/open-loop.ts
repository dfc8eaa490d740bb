import type { ErrorKind } from '../../result/interval.ts';
import type { Failure } from '../failure.ts';
import { type Arrivals, NEVER_NS } from '../schedule/arrivals.ts';
import { Backlog } from './backlog.ts';
import { LoadLoop, type LoopOptions } from './load-loop.ts';

export interface OpenLoopOptions extends LoopOptions {
  readonly arrivals: Arrivals;
  readonly maxBacklog: number;
  /** The schedule may end before its time, with the last request that was asked for. */
  readonly hasMaxRequests: boolean;
}

/**
 * Each request has its time, whatever became of those before it: users do not wait for each other. One that finds no connection
 * waits, oldest first, and its waiting is part of R; while nothing can be connected to, it fails as a connection does.
 */
export class OpenLoop extends LoadLoop {
  readonly #arrivals: Arrivals;
  readonly #backlog: Backlog;
  readonly #endsEarly: boolean;

  constructor(options: OpenLoopOptions) {
    super(options);
    this.#arrivals = options.arrivals;
    this.#backlog = new Backlog(options.maxBacklog);
    this.#endsEarly = options.hasMaxRequests;
  }

  protected override nextDueNs(): number {
    return this.#arrivals.nextNs;
  }

  protected override get waiting(): number {
    return this.#backlog.size;
  }

  protected override begin(beforeNs: number, nowNs: number): void {
    for (;;) {
      const intendedNs = this.#arrivals.nextNs;
      if (intendedNs >= beforeNs) return;
      this.#arrivals.advance();
      this.recorders.of(intendedNs).scheduled += 1;
      this.recorders.now.loopDelay(nowNs - intendedNs);
      this.#beginOne(intendedNs, nowNs);
    }
  }

  protected override roomAt(nowNs: number): void {
    while (this.#backlog.size > 0) {
      const slot = this.pool.next();
      if (slot === undefined) return;
      this.flow.send(this.pool, slot, this.#backlog.shift(), nowNs);
    }
  }

  protected override couldNotOpenAt(failure: Failure, _hadRequest: boolean, nowNs: number): void {
    const { down } = this.pool;
    if (down === null) this.recorders.now.mention(failure.kind, failure.message);
    else this.giveUpWaiting(down, nowNs);
  }

  protected override giveUpWaiting({ kind, message }: Failure, nowNs: number): void {
    while (this.#backlog.size > 0) this.#giveUp(kind, message, this.#backlog.shift(), nowNs);
  }

  protected override hasBegunAll(nowNs: number): boolean {
    return this.#arrivals.nextNs === NEVER_NS && (this.#endsEarly || !this.isInTime(nowNs));
  }

  #beginOne(intendedNs: number, nowNs: number): void {
    // While anything waits there is no idle connection.
    const slot = this.pool.next();
    if (slot !== undefined) this.flow.send(this.pool, slot, intendedNs, nowNs);
    else {
      const { down } = this.pool;
      if (down !== null) this.#giveUp(down.kind, down.message, intendedNs, nowNs);
      else if (!this.#backlog.push(intendedNs)) this.recorders.of(intendedNs).dropped += 1;
    }
  }

  #giveUp(kind: ErrorKind, message: string, intendedNs: number, nowNs: number): void {
    this.recorders.of(intendedNs).failed(kind, message, null, nowNs - intendedNs, 0);
  }
}
