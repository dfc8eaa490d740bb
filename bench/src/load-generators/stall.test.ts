import { expect, test } from 'vitest';
import { percentile } from '../stats/percentile.ts';
import { trueQuantiles } from './stall.ts';

test('a stall of one second in ten is what a hundredth of all callers wait 900 ms for', () => {
  const { p50Ms, p90Ms, p99Ms, p999Ms } = trueQuantiles({ durationMs: 10_000, stallMs: 1_000 });
  expect([p50Ms, p90Ms]).toEqual([0, 0]);
  expect(p99Ms).toBeCloseTo(900, 6);
  expect(p999Ms).toBeCloseTo(990, 6);
});

test('the truth about a stall is what counting its callers gives', () => {
  const stall = { durationMs: 7_000, stallMs: 1_300 };
  const waitsMs = Array.from({ length: 70_000 }, (_, index) => Math.max(0, stall.stallMs - index / 10));
  expect(trueQuantiles(stall).p90Ms).toBeCloseTo(percentile(waitsMs, 0.9), 0);
  expect(trueQuantiles(stall).p99Ms).toBeCloseTo(percentile(waitsMs, 0.99), 0);
});
