import { Histogram, type Interval } from '@meshwise/load';

export interface IntervalShape {
  readonly worker?: number;
  readonly second: number;
  readonly completed?: number;
  readonly failed?: number;
  readonly responseMs?: number;
  readonly cpuMs?: number;
  readonly elapsedMs?: number;
}

/** One second in which every good answer took the same time. */
export function intervalOf(shape: IntervalShape): Interval {
  const { worker = 0, second, completed = 100, failed = 0, responseMs = 2, cpuMs = 50, elapsedMs = 1_000 } = shape;
  const took = (ms: number, count: number) => {
    const histogram = new Histogram();
    histogram.recordCount(ms * 1e6, count);
    return histogram.toSparse();
  };
  return {
    worker,
    second,
    scheduled: completed + failed,
    sent: completed + failed,
    completed,
    failed,
    dropped: 0,
    bytesSent: 0,
    bytesReceived: 0,
    connectionsOpened: 0,
    inFlight: 1,
    backlog: 0,
    statuses: { 200: completed },
    errors: failed === 0 ? {} : { 'http-5xx': failed },
    errorSamples: failed === 0 ? {} : { 'http-5xx': 'status 503' },
    service: took(responseMs, completed),
    response: took(responseMs, completed),
    lag: took(0.01, completed + failed),
    errorResponse: took(responseMs, failed),
    generator: { elapsedMs, cpuMs, loopDelayMaxMs: 1 },
  };
}
