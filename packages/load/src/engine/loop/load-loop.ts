import type { ErrorKind, GeneratorUse, Interval } from '../../result/interval.ts';
import type { Failure } from '../failure.ts';
import type { TimeSource } from '../time-source.ts';
import type { ConnectionPool, PoolEvents } from './connection-pool.ts';
import type { IntervalRecorder } from './interval-recorder.ts';
import { Recorders } from './recorders.ts';
import { type FlowOptions, RequestFlow } from './request-flow.ts';

const SECOND_NS = 1e9;
const NO_USE = { elapsedMs: 0, cpuMs: 0 };

export interface LoopOptions extends Omit<FlowOptions, 'recorders'> {
  readonly source: TimeSource;
  readonly worker: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly makePool: (events: PoolEvents) => ConnectionPool;
  readonly emit: (interval: Interval) => void;
  /** CPU time of this process until now. */
  readonly cpuMs: () => number;
}

/**
 * What open and closed loops have in common: the seconds, the ends of requests, the end of the run. Times are nanoseconds from
 * the start of the measured time. `turn` does what is due; everything else happens in events of connections.
 */
export abstract class LoadLoop implements PoolEvents {
  readonly #source: TimeSource;
  readonly #options: LoopOptions;
  readonly #endNs: number;
  readonly #lastEndNs: number;
  #originNs = 0;
  #second = 0;
  #secondStartNs = 0;
  /** Known beforehand, and never a small integer: V8 would throw away the code of every answer when it stops being one. */
  #secondEndNs = Number.NEGATIVE_INFINITY;
  #cpuMs = 0;
  #isRunning = false;
  readonly #over = Promise.withResolvers<void>();
  protected readonly recorders: Recorders;
  protected readonly flow: RequestFlow;
  readonly pool: ConnectionPool;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#source = options.source;
    this.#endNs = options.durationMs * 1e6;
    this.#lastEndNs = this.#endNs + options.timeoutMs * 1e6;
    this.recorders = new Recorders(options.worker);
    this.#beginSecond(0 - Math.ceil(options.warmUpMs / 1_000));
    this.flow = new RequestFlow({ ...options, recorders: this.recorders });
    this.pool = options.makePool(this);
  }

  /** When the next request is due; `NEVER_NS` when that depends on answers. */
  protected abstract nextDueNs(): number;
  /** Begins all requests that are due before a moment, which is not later than `nowNs`. */
  protected abstract begin(beforeNs: number, nowNs: number): void;
  /** Requests that are due and wait for a connection. */
  protected abstract readonly waiting: number;
  protected abstract giveUpWaiting(failure: Failure, nowNs: number): void;
  /** No request will begin any more, whatever happens. */
  protected abstract hasBegunAll(nowNs: number): boolean;
  protected abstract roomAt(nowNs: number): void;
  protected abstract couldNotOpenAt(failure: Failure, hadRequest: boolean, nowNs: number): void;

  /** Begins the warm-up at a moment of the time source. */
  start(atNs: number): void {
    // Beside a whole number, so that no time is a small integer, for which V8 makes code that it throws away after 2^31 ns.
    this.#originNs = atNs + this.#options.warmUpMs * 1e6 - 0.5;
    this.#secondStartNs = -this.#options.warmUpMs * 1e6;
    this.#cpuMs = this.#options.cpuMs();
    this.#isRunning = true;
  }

  /** Settles when nothing is under way any more and all intervals have been given out. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get inFlight(): number {
    return this.flow.inFlight;
  }

  /** Does what is due. Answers with the moment of the time source when something is due next, as far as it depends on time. */
  turn(): number {
    const nowNs = this.#nowNs();
    this.#roll(nowNs);
    this.begin(nowNs, nowNs);
    this.flow.expire(this.pool, nowNs);
    if (this.#isDone(nowNs)) this.#end(nowNs, 'no answer when the run ended');
    return this.nextDueNs() + this.#originNs;
  }

  /** Ends at once; what has no answer yet is counted as such. */
  stop(): void {
    if (this.#isRunning) this.#end(this.#nowNs(), 'the run was stopped before it was answered');
    else this.#close();
  }

  late(lateNs: number): void {
    this.recorders.now.loopDelay(lateNs);
  }

  opened(): void {
    this.recorders.now.connectionsOpened += 1;
  }

  room(): void {
    if (this.#isRunning) this.roomAt(this.#nowNs());
  }

  sentLater(token: number, bytes: number): void {
    this.flow.sentLater(token, bytes);
  }

  done(token: number, status: number, bytes: number, message?: string): void {
    const nowNs = this.#nowNs();
    if (nowNs >= this.#secondEndNs) this.#roll(nowNs);
    this.flow.done(token, status, bytes, nowNs, message);
  }

  failed(token: number, kind: ErrorKind, message: string, bytes: number): void {
    const nowNs = this.#nowNs();
    this.#roll(nowNs);
    this.flow.failed(token, kind, message, bytes, nowNs);
  }

  couldNotOpen(failure: Failure, hadRequest: boolean): void {
    if (this.#isRunning) this.couldNotOpenAt(failure, hadRequest, this.#nowNs());
  }

  /** Before the measured time has ended, so that requests may begin. */
  protected isInTime(nowNs: number): boolean {
    return nowNs < this.#endNs;
  }

  #nowNs(): number {
    return this.#source.nowNs() - this.#originNs;
  }

  /** Gives out every second that has passed. What was due in it belongs to it, though nobody may have looked since. */
  #roll(nowNs: number): void {
    while (this.#isRunning && nowNs >= this.#secondEndNs) {
      this.begin(this.#secondEndNs, nowNs);
      this.#emit(this.#secondEndNs);
    }
  }

  #isDone(nowNs: number): boolean {
    if (!this.#isRunning || !this.hasBegunAll(nowNs)) return false;
    return (this.flow.inFlight === 0 && this.waiting === 0) || nowNs >= this.#lastEndNs;
  }

  #end(nowNs: number, message: string): void {
    this.flow.stop(message, nowNs);
    this.giveUpWaiting({ kind: 'stopped', message }, nowNs);
    this.#roll(nowNs);
    if (nowNs < this.#endNs || !this.recorders.now.isEmpty) this.#emit(nowNs);
    this.#emitLeftovers();
    this.#close();
  }

  #close(): void {
    this.#isRunning = false;
    this.pool.close();
    this.#over.resolve();
  }

  #emit(untilNs: number): void {
    const cpuMs = this.#options.cpuMs();
    const use: Omit<GeneratorUse, 'loopDelayMaxMs'> = {
      elapsedMs: Math.max(0, untilNs - this.#secondStartNs) / 1e6,
      cpuMs: cpuMs - this.#cpuMs,
    };
    this.#give(this.recorders.now, this.#second, use);
    this.#cpuMs = cpuMs;
    this.#secondStartNs = untilNs;
    this.#beginSecond(this.#second + 1);
    this.#emitLeftovers();
  }

  /** What came to its end only now, and belongs to the warm-up. */
  #emitLeftovers(): void {
    if (!this.recorders.warmUp.isEmpty) this.#give(this.recorders.warmUp, -1, NO_USE);
  }

  #give(recorder: IntervalRecorder, second: number, use: Omit<GeneratorUse, 'loopDelayMaxMs'>): void {
    this.#options.emit(recorder.take(second, { inFlight: this.flow.inFlight, backlog: this.waiting }, use));
  }

  #beginSecond(second: number): void {
    this.recorders.beginSecond(second);
    this.#second = second;
    const endNs = (second + 1) * SECOND_NS;
    // What comes after the measured time must not be in one interval with what came in it: the rate is that of the time.
    const isCut = second * SECOND_NS < this.#endNs && this.#endNs < endNs;
    this.#secondEndNs = isCut ? this.#endNs : endNs;
  }
}
