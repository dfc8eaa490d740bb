import fc from 'fast-check';
import type { LoadInput, RequestInput } from '../plan/input.ts';

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const ms = fc.integer({ min: 1_000, max: 3_600_000 });
const rps = fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 1, max: 1_000, noNaN: true }));

const request: fc.Arbitrary<RequestInput> = defined(
  fc.record({
    weight: optional(fc.integer({ min: 1, max: 100 })),
    method: optional(fc.constantFrom('GET', 'POST', 'HEAD', 'DELETE')),
    path: optional(fc.webPath().map((path) => `/${path}`.replace(/^\/+/, '/'))),
    headers: optional(
      fc.array(
        fc.tuple(
          fc.constantFrom('accept', 'Authorization', 'Cookie', 'x-api-key', 'x-a'),
          fc.string({ maxLength: 20 }),
        ),
        { maxLength: 4 },
      ),
    ),
    body: optional(
      fc.constantFrom({ encoding: 'utf8' as const, content: 'ü' }, { encoding: 'base64' as const, content: 'AAE=' }),
    ),
  }),
);

const openPace = fc.oneof(
  fc.record({ rps: optional(rps), durationMs: optional(ms) }),
  fc.record({
    stages: fc.array(fc.record({ durationMs: ms, fromRps: rps, toRps: rps }), { minLength: 1, maxLength: 9 }),
  }),
);
const closedPace = fc.record({
  rps: fc.oneof(optional(rps), fc.constant('max' as const)),
  closed: fc.constant(true),
  durationMs: optional(ms),
});

/** Inputs for `http://127.0.0.1:1234/start` that are possible, of every kind. */
export const loadInputs: fc.Arbitrary<LoadInput> = defined(
  fc
    .tuple(
      fc.oneof(openPace, closedPace),
      fc.record({
        protocol: optional(fc.constantFrom('http1' as const, 'http2' as const)),
        requests: optional(fc.array(request, { minLength: 1, maxLength: 8 })),
        warmUpMs: optional(fc.integer({ min: 0, max: 60_000 })),
        connections: optional(fc.integer({ min: 1, max: 1_000 })),
        burst: optional(fc.boolean()),
        keepAlive: optional(fc.boolean()),
        timeoutMs: optional(ms),
        seed: optional(fc.nat()),
        abort: optional(defined(fc.record({ errorPercent: optional(fc.nat(100)), responseP99Ms: optional(ms) }))),
      }),
    )
    .map(([pace, rest]) => ({ ...pace, ...rest })),
);

/** What is undefined is not there at all, as in what people send. */
function defined<T extends object>(value: fc.Arbitrary<T>): fc.Arbitrary<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return value.map((one) => {
    const entries = Object.entries(one).filter(([, of]) => of !== undefined);
    return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
  });
}
