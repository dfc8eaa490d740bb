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
    const { recorder } = this;
    for (;;) {
      const intendedNs = this.#arrivals.nextNs;
      if (intendedNs >= beforeNs) return;
      this.#arrivals.advance();
      recorder.scheduled += 1;
      recorder.loopDelay(nowNs - intendedNs);
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
    if (down === null) this.recorder.mention(failure.kind, failure.message);
    else this.giveUpWaiting(down, nowNs);
  }

  protected override giveUpWaiting({ kind, message }: Failure, nowNs: number): void {
    while (this.#backlog.size > 0) this.recorder.failed(kind, message, null, nowNs - this.#backlog.shift(), 0);
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
      if (down !== null) this.recorder.failed(down.kind, down.message, null, nowNs - intendedNs, 0);
      else if (!this.#backlog.push(intendedNs)) this.recorder.dropped += 1;
    }
  }
}
