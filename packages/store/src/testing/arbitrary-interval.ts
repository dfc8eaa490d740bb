import { ERROR_KINDS, type Interval } from '@meshwise/load';
import fc from 'fast-check';

const count = fc.maxSafeNat();
const milliseconds = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const sparse = fc.array(count, { maxLength: 40 });
const byKind = <T>(value: fc.Arbitrary<T>) => fc.dictionary(fc.constantFrom(...ERROR_KINDS), value);

/** Any interval that an engine could give, and many that it could not. */
export const arbitraryInterval: fc.Arbitrary<Interval> = fc.record(
  {
    worker: fc.nat(),
    second: fc.maxSafeInteger(),
    scheduled: count,
    sent: count,
    completed: count,
    failed: count,
    dropped: count,
    bytesSent: count,
    bytesReceived: count,
    connectionsOpened: count,
    inFlight: count,
    backlog: count,
    statuses: fc.dictionary(fc.string(), count),
    errors: byKind(count),
    errorSamples: byKind(fc.string({ unit: 'binary' })),
    service: sparse,
    response: sparse,
    lag: sparse,
    errorResponse: sparse,
    generator: fc.record(
      { elapsedMs: milliseconds, cpuMs: milliseconds, loopDelayMaxMs: milliseconds },
      { noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
);
