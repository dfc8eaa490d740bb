import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRunId } from './run-id.ts';

const NOON_MS = Date.UTC(2026, 10, 21, 14, 22, 33);

describe('the id of a run', () => {
  it('is the time in UTC and four letters', () => {
    expect(newRunId(NOON_MS, () => 0)).toBe('20261121-142233-0000');
    expect(newRunId(NOON_MS + 999, () => 0.9999)).toBe('20261121-142233-z7zz');
  });

  it('sorts by time, to the millisecond', () => {
    const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), fraction, fraction, (at, later, one, other) => {
        const first = newRunId(NOON_MS + at, () => one);
        const second = newRunId(NOON_MS + at + later, () => other);
        expect(first < second).toBe(true);
      }),
    );
  });
});
