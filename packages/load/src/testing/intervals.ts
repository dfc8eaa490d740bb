import fc from 'fast-check';
import { Histogram } from '../histogram/histogram.ts';
import type { SparseHistogram } from '../histogram/sparse.ts';
import type { Interval } from '../result/interval.ts';
import { intervalOf } from './fake-worker.ts';

/** The histogram of these times in milliseconds. */
export function sparseOf(...timesMs: readonly number[]): SparseHistogram {
  const histogram = new Histogram();
  for (const ms of timesMs) histogram.record(ms * 1_000_000);
  return histogram.toSparse();
}

/** A second in which `count` requests were due, sent and answered, each after `ms`. */
export function goodSecond(second: number, count: number, ms: number, said: Partial<Interval> = {}): Interval {
  const times = new Histogram();
  const lag = new Histogram();
  times.recordCount(ms * 1_000_000, count);
  lag.recordCount(1_000, count);
  return intervalOf({
    second,
    scheduled: count,
    sent: count,
    completed: count,
    statuses: { 200: count },
    service: times.toSparse(),
    response: times.toSparse(),
    lag: lag.toSparse(),
    ...said,
  });
}

const count = fc.nat(5_000);
const sparse = fc
  .array(fc.integer({ min: 1, max: 10_000_000_000 }), { maxLength: 30 })
  .map((ns) => sparseOf(...ns.map((one) => one / 1_000_000)));

/** What workers may report, warm-up and partial seconds included. */
export const someIntervals: fc.Arbitrary<Interval[]> = fc.array(
  fc.record({
    worker: fc.nat(2),
    second: fc.integer({ min: -2, max: 6 }),
    scheduled: count,
    sent: count,
    completed: count,
    failed: count,
    dropped: fc.nat(10),
    bytesSent: count,
    bytesReceived: count,
    connectionsOpened: count,
    inFlight: fc.nat(100),
    backlog: fc.nat(100),
    statuses: fc.constantFrom<Interval['statuses'][]>({}, { 200: 3 }, { 200: 1, 503: 2 }),
    errors: fc.constantFrom<Interval['errors'][]>({}, { timeout: 2 }, { timeout: 1, reset: 5 }, { stopped: 3 }),
    errorSamples: fc.constantFrom<Interval['errorSamples'][]>({}, { timeout: 'a' }, { reset: 'b' }),
    service: sparse,
    response: sparse,
    lag: sparse,
    errorResponse: sparse,
    generator: fc.record({
      elapsedMs: fc.integer({ min: 0, max: 1_000 }),
      cpuMs: fc.nat(1_000),
      loopDelayMaxMs: fc.double({ min: 0, max: 50, noNaN: true }),
    }),
  }),
  { maxLength: 20 },
);
