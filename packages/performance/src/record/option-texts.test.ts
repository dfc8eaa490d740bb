import { MeshwiseError } from '@meshwise/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatExpectation, parseExpectation } from './expectation-text.ts';
import { formatStages, parseStages } from './stages-text.ts';

/** A nanosecond is as fine as durations are written. */
const durationMs = fc.oneof(
  fc.nat(86_400_000),
  fc.nat(1e9).map((nanoseconds) => nanoseconds / 1e6),
);
const rps = fc.oneof(fc.nat(10_000_000), fc.double({ min: 0, max: 10_000_000, noNaN: true }).map(Math.abs));

function codeOf(act: () => unknown): string {
  try {
    return `accepted: ${JSON.stringify(act())}`;
  } catch (error) {
    return MeshwiseError.from(error).code;
  }
}

describe('stages as text', () => {
  it('are ramps and steps', () => {
    expect(parseStages('100..500@30s, 500@1m')).toEqual([
      { fromRps: 100, toRps: 500, durationMs: 30_000 },
      { fromRps: 500, toRps: 500, durationMs: 60_000 },
    ]);
  });

  it.each(['', '500', '@1m', '500@', '500@30', '1..2..3@1s', '-5@1s', '500@1m,'])('refuse %j', (text) => {
    expect(codeOf(() => parseStages(text))).toBe('MW8001');
  });

  it('are read back as they were printed', () => {
    const stages = fc.array(fc.record({ durationMs, fromRps: rps, toRps: rps }), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(stages, (value) => void expect(parseStages(formatStages(value))).toEqual(value)));
  });
});

describe('expectations as text', () => {
  it.each([
    ['p50<5ms', { metric: 'responseP50Ms', limit: 5 }],
    ['p99 <= 0.5s', { metric: 'responseP99Ms', limit: 500 }],
    ['errors<1%', { metric: 'errorPercent', limit: 1 }],
    ['achieved>99.5%', { metric: 'achievedPercent', limit: 99.5 }],
  ])('read %s', (text, expected) => {
    expect(parseExpectation(text)).toEqual(expected);
  });

  it.each(['', 'p99', 'p99<50', 'p99>50ms', 'achieved<95%', 'errors<1', 'p95<1ms', 'p99<50ms!', 'errors<-1%'])(
    'refuse %j',
    (text) => {
      expect(codeOf(() => parseExpectation(text))).toBe('MW8001');
    },
  );

  it('are read back as they were printed', () => {
    const time = fc.constantFrom('responseP50Ms' as const, 'responseP99Ms' as const);
    const share = fc.constantFrom('errorPercent' as const, 'achievedPercent' as const);
    const criterion = fc.oneof(
      fc.record({ metric: time, limit: durationMs }),
      fc.record({ metric: share, limit: rps.filter((limit) => limit <= 100) }),
    );
    fc.assert(
      fc.property(criterion, (value) => void expect(parseExpectation(formatExpectation(value))).toEqual(value)),
    );
  });
});
