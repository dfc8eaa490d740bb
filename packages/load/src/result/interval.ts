import type { SparseHistogram } from '../histogram/sparse.ts';

/** What can become of a request but a good answer. `http-4xx`, `http-5xx` and `grpc-status` are answers that say no. */
export const ERROR_KINDS = [
  'dns',
  'connect-refused',
  'connect-timeout',
  'connect-failed',
  'tls',
  'reset',
  'closed',
  'timeout',
  'malformed',
  'too-large',
  'http-4xx',
  'http-5xx',
  'grpc-status',
  'stopped',
  'other',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/**
 * What one worker saw in one second of the run, and nothing else: the counts are those of this second, not sums. Intervals add
 * up without loss, over seconds and over workers, so a run is the sum of whatever intervals there are, however it ended.
 */
export interface Interval {
  readonly worker: number;
  /**
   * Whole seconds from the start of the measured time; below zero in the warm-up, to which its requests belong however late they
   * end: what it leaves behind comes as more intervals of second −1.
   */
  readonly second: number;
  /** Requests whose intended time lies in this second (closed loop: that were sent in it). */
  readonly scheduled: number;
  readonly sent: number;
  /** Good answers that came to their end in this second, whenever they were sent. */
  readonly completed: number;
  readonly failed: number;
  /** Requests that had to be given up before they were sent, since too many were waiting. */
  readonly dropped: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly connectionsOpened: number;
  /** At the end of the second. */
  readonly inFlight: number;
  readonly backlog: number;
  /** By status code as text; for gRPC its own. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: Readonly<Partial<Record<ErrorKind, number>>>;
  /** One message of each kind. */
  readonly errorSamples: Readonly<Partial<Record<ErrorKind, string>>>;
  /** Of good answers, in nanoseconds: S (sent → done), R (intended → done). */
  readonly service: SparseHistogram;
  readonly response: SparseHistogram;
  /** Of every request that was sent: L (intended → sent). */
  readonly lag: SparseHistogram;
  /** R of requests that failed. */
  readonly errorResponse: SparseHistogram;
  readonly generator: GeneratorUse;
}

export interface GeneratorUse {
  /** The wall time that the interval covers, less than a second at the end. */
  readonly elapsedMs: number;
  /** CPU time of the worker process in it. */
  readonly cpuMs: number;
  /** How late the event loop was at the worst. */
  readonly loopDelayMaxMs: number;
}
