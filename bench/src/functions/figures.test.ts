import { Histogram } from '@meshwise/load';
import type { OverheadBlock } from '@meshwise/performance';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../stats/random.ts';
import { figuresOf, type Round } from './figures.ts';

const REQUESTS = 200;

function block(round: number, ms: number, cpuMs: number, failed = 0): OverheadBlock {
  const response = new Histogram();
  for (let request = 0; request < REQUESTS; request += 1) response.record((ms + request / 1_000) * 1e6);
  return {
    ...{ round, variant: 'both', response: response.toSparse(), completed: REQUESTS, failed, achievedRps: 100 },
    ...{ sidecarCpuMs: cpuMs, applicationCpuMs: 1, sidecarMemoryBytes: 1, trust: 'trust' },
  };
}

/** How slow the machine was differs far more from round to round than the function adds. */
function rounds(count: number, addedMs: number): Round[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, (_, round) => {
    const slowMs = 5 * random();
    return { off: block(round, 1 + slowMs, 20), on: block(round, 1 + slowMs + addedMs, 22, round === 0 ? 1 : 0) };
  });
}

describe('what a function adds', () => {
  test('is told within rounds, so that a slow round hides nothing', () => {
    const { p50Ms, cpuMsPer1000Requests } = figuresOf(rounds(8, 0.5), seededRandom(1));
    expect(p50Ms).toMatchObject({ value: expect.closeTo(0.5, 1), verdict: 'more' });
    expect(p50Ms.low ?? 0).toBeGreaterThan(0.3);
    expect(cpuMsPer1000Requests).toMatchObject({ value: expect.closeTo(10, 6), verdict: 'more' });
  });

  test('is within noise when it is nothing', () => {
    expect(figuresOf(rounds(8, 0), seededRandom(1)).p50Ms).toMatchObject({ value: 0, verdict: 'within noise' });
  });

  test('has no interval when there are too few rounds, and counts what failed in either variant', () => {
    expect(figuresOf(rounds(2, 0.5), seededRandom(1))).toMatchObject({
      rounds: 2,
      p50Ms: { low: null, high: null, verdict: 'unknown' },
      requests: { off: 2 * REQUESTS, on: 2 * REQUESTS + 1 },
      failed: { off: 0, on: 1 },
    });
  });

  test('is not known of CPU time that could not be read', () => {
    const unread = rounds(8, 0).map(({ off, on }) => ({ off, on: { ...on, sidecarCpuMs: null } }));
    expect(figuresOf(unread, seededRandom(1)).cpuMsPer1000Requests).toMatchObject({ value: null, verdict: 'unknown' });
  });
});
