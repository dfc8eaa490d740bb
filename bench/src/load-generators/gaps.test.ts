import { describe, expect, test } from 'vitest';
import { evennessOf } from './gaps.ts';

const every = (gapNs: number, count: number) => Array.from({ length: count }, (_, index) => 1e15 + index * gapNs);

describe('evenness', () => {
  test('of arrivals on time is perfect', () => {
    const { idealUs, p50Us, p99OfIdeal, togetherShare } = evennessOf(every(500_000, 1_000), 2_000);
    expect([idealUs, p50Us, p99OfIdeal, togetherShare]).toEqual([500, 500, 1, 0]);
  });

  test('of bursts of sixteen shows that nearly all come together', () => {
    const bursts = every(8e6, 100).flatMap((atNs) => every(0, 16).map((_, index) => atNs + index * 6_000));
    const found = evennessOf(bursts, 2_000);
    expect(found.p50Us).toBe(6);
    expect(found.togetherShare).toBeCloseTo(15 / 16, 2);
    expect(found.p99OfIdeal).toBeGreaterThan(15);
  });

  test('of one arrival is unknown', () => {
    expect(evennessOf([5], 100).p99Us).toBeNaN();
  });
});
