import { Histogram } from '../../histogram/histogram.ts';
import type { ErrorKind, GeneratorUse, Interval } from '../../result/interval.ts';

const STATUSES = 1_000;
const SAMPLE_LENGTH = 300;

/** Counts what happens in one second after the other. What is counted is in exactly one interval. */
export class IntervalRecorder {
  readonly #worker: number;
  readonly #service = new Histogram();
  readonly #response = new Histogram();
  readonly #lag = new Histogram();
  readonly #errorResponse = new Histogram();
  readonly #statuses = new Float64Array(STATUSES);
  #errors: Partial<Record<ErrorKind, number>> = {};
  #errorSamples: Partial<Record<ErrorKind, string>> = {};
  scheduled = 0;
  dropped = 0;
  connectionsOpened = 0;
  #sent = 0;
  #completed = 0;
  #failed = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #loopDelayMaxNs = 0;

  constructor(worker: number) {
    this.#worker = worker;
  }

  sent(lagNs: number, bytes: number): void {
    this.#sent += 1;
    this.#bytesSent += bytes;
    this.#lag.record(lagNs);
  }

  completed(status: number, serviceNs: number, responseNs: number, bytes: number): void {
    this.#completed += 1;
    this.#bytesReceived += bytes;
    this.#countStatus(status);
    this.#service.record(serviceNs);
    this.#response.record(responseNs);
  }

  /** `status` is null when there was no answer. */
  failed(kind: ErrorKind, message: string, status: number | null, responseNs: number, bytes: number): void {
    this.#failed += 1;
    this.#bytesReceived += bytes;
    if (status !== null) this.#countStatus(status);
    this.#errors[kind] = (this.#errors[kind] ?? 0) + 1;
    this.mention(kind, message);
    this.#errorResponse.record(responseNs);
  }

  /** Of something that went wrong and was no request. */
  mention(kind: ErrorKind, message: string): void {
    this.#errorSamples[kind] ??= message.slice(0, SAMPLE_LENGTH);
  }

  loopDelay(lateNs: number): void {
    if (lateNs > this.#loopDelayMaxNs) this.#loopDelayMaxNs = lateNs;
  }

  get isEmpty(): boolean {
    return this.scheduled + this.dropped + this.connectionsOpened + this.#sent + this.#completed + this.#failed === 0;
  }

  sentLater(bytes: number): void {
    this.#bytesSent += bytes;
  }

  /** All since the last time. */
  take(
    second: number,
    now: { inFlight: number; backlog: number },
    use: Omit<GeneratorUse, 'loopDelayMaxMs'>,
  ): Interval {
    const interval: Interval = {
      worker: this.#worker,
      second,
      scheduled: this.scheduled,
      sent: this.#sent,
      completed: this.#completed,
      failed: this.#failed,
      dropped: this.dropped,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      connectionsOpened: this.connectionsOpened,
      inFlight: now.inFlight,
      backlog: now.backlog,
      statuses: this.#takeStatuses(),
      errors: this.#errors,
      errorSamples: this.#errorSamples,
      service: this.#service.takeSparse(),
      response: this.#response.takeSparse(),
      lag: this.#lag.takeSparse(),
      errorResponse: this.#errorResponse.takeSparse(),
      generator: { ...use, loopDelayMaxMs: this.#loopDelayMaxNs / 1e6 },
    };
    this.#reset();
    return interval;
  }

  #countStatus(status: number): void {
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
  }

  #takeStatuses(): Record<string, number> {
    const statuses: Record<string, number> = {};
    this.#statuses.forEach((count, status) => {
      if (count > 0) statuses[status] = count;
    });
    this.#statuses.fill(0);
    return statuses;
  }

  #reset(): void {
    this.#errors = {};
    this.#errorSamples = {};
    this.scheduled = 0;
    this.dropped = 0;
    this.connectionsOpened = 0;
    this.#sent = 0;
    this.#completed = 0;
    this.#failed = 0;
    this.#bytesSent = 0;
    this.#bytesReceived = 0;
    this.#loopDelayMaxNs = 0;
  }
}
