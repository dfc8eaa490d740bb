import { Histogram } from '@meshwise/load';
import { describe, expect, test } from 'vitest';
import type { PathVariant } from '../record/run-record.ts';
import { binomialAtMost } from './binomial.ts';
import { overheadReport } from './overhead.ts';
import type { OverheadBlock } from './overhead-block.ts';
import { seededRandom } from './random.ts';

const VARIANTS: readonly PathVariant[] = ['none', 'server', 'both'];
const ADDED_MS: Readonly<Record<PathVariant, number>> = { none: 0, server: 0.3, both: 0.8 };

interface World {
  readonly seed: number;
  readonly rounds: number;
  readonly requests: number;
  readonly addedMs?: Readonly<Record<PathVariant, number>>;
}

/** Answers take 1 ms and an exponential rest; what is added and how slow the machine was in a round come on top, so the truth is known. */
function simulated({ seed, rounds, requests, addedMs = ADDED_MS }: World): OverheadBlock[] {
  const random = seededRandom(seed);
  return Array.from({ length: rounds }, (_, round) => {
    const slowMs = -0.5 * Math.log(1 - random());
    return VARIANTS.map((variant): OverheadBlock => {
      const histogram = new Histogram();
      for (let request = 0; request < requests; request += 1) {
        histogram.record((1 + addedMs[variant] + slowMs - 0.4 * Math.log(1 - random())) * 1e6);
      }
      return {
        round,
        variant,
        response: histogram.toSparse(),
        completed: requests,
        failed: 0,
        achievedRps: 500,
        sidecarCpuMs: addedMs[variant] * requests * (0.9 + 0.2 * random()),
        applicationCpuMs: requests * (0.9 + 0.2 * random()),
        sidecarMemoryBytes: variant === 'none' ? 0 : 50e6,
        trust: 'trust',
      };
    });
  }).flat();
}

const options = { variants: VARIANTS, seed: 1, resamples: 400 };

describe('what sidecars add', () => {
  test('is within its interval in at least 95 of 100 experiments, bar chance', () => {
    const experiments = 150;
    const held = { p50: 0, p99: 0, same: 0 };
    for (let seed = 0; seed < experiments; seed += 1) {
      const addedMs = { none: 0, server: 0, both: 0.8 };
      const { added } = overheadReport(simulated({ seed, rounds: 12, requests: 120, addedMs }), { ...options, seed });
      const [same, whole] = [added[0], added[1]];
      const holds = (bounds: { low: number | null; high: number | null } | undefined) =>
        (bounds?.low ?? 1) <= 0.8 && (bounds?.high ?? 0) >= 0.8;
      if (holds(whole?.responseP50Ms)) held.p50 += 1;
      if (holds(whole?.responseP99Ms)) held.p99 += 1;
      if (same?.responseP50Ms.verdict === 'within noise') held.same += 1;
    }
    // Once in a million times fewer than this, were it only 91 of 100.
    let bound = 0;
    while (binomialAtMost(bound, experiments, 0.91) < 1e-6) bound += 1;
    expect(Math.min(held.p50, held.p99, held.same)).toBeGreaterThan(bound);
    expect(held.same, 'two equal ways are told apart by mistake now and then').toBeLessThan(experiments);
  });

  test('is told for each pair of ways, with figures that add up', () => {
    const { added, variants } = overheadReport(simulated({ seed: 1, rounds: 15, requests: 500 }), options);
    expect(added.map(({ from, to }) => `${to} over ${from}`)).toEqual([
      'server over none',
      'both over none',
      'both over server',
    ]);
    expect(added.map(({ responseP50Ms }) => responseP50Ms.verdict)).toEqual(['more', 'more', 'more']);
    const [server, both, client] = added.map(({ responseP90Ms }) => responseP90Ms.value ?? Number.NaN);
    expect((server ?? 0) + (client ?? 0)).toBeCloseTo(both ?? 0, 9);
    expect(variants.map(({ blocks, requests }) => [blocks, requests])).toEqual([
      [15, 7_500],
      [15, 7_500],
      [15, 7_500],
    ]);
    expect(added[1]?.sidecarCpuMsPer1000Requests.value).toBeCloseTo(800, -2);
    expect(added[1]?.applicationCpuMsPer1000Requests.verdict).toBe('within noise');
    expect(added[0]?.achievedRps).toEqual({ value: 0, low: 0, high: 0, verdict: 'within noise' });
  });

  test('never has a higher percentile below a lower one', () => {
    const { variants } = overheadReport(simulated({ seed: 4, rounds: 9, requests: 40 }), options);
    for (const { responseP50Ms: p50, responseP90Ms: p90, responseP99Ms: p99 } of variants) {
      expect(p50.value ?? 0).toBeLessThanOrEqual(p90.value ?? 0);
      expect(p90.value ?? 0).toBeLessThanOrEqual(p99.value ?? 0);
    }
  });

  test('is put beside what was published, and is not it (001-67, 001-69)', () => {
    const { references } = overheadReport(simulated({ seed: 2, rounds: 8, requests: 200 }), {
      ...options,
      sidecars: { both: 2 },
    });
    expect(references.map(({ missionId }) => missionId)).toEqual(['001-67', '001-69']);
    expect(references[0]?.measured).toMatch(
      /^0\.\d\d vCPU \[0\.\d\d, 0\.\d\d\] and 50 MB \(2 sidecars together, measured at 500 rps; divided by the rate 100 MB per 1,000 rps\)$/,
    );
    expect(references[1]?.measured).toMatch(/^0\.\d\d ms \[/);
  });

  test('leaves out rounds in which a way measured nothing, for all ways, and says so', () => {
    const broken = simulated({ seed: 3, rounds: 8, requests: 50 }).map((block) =>
      block.round === 3 && block.variant === 'both' ? { ...block, completed: 0, response: [] } : block,
    );
    const { variants, notes } = overheadReport(broken, options);
    expect(variants.map(({ blocks }) => blocks)).toEqual([7, 7, 7]);
    expect(notes).toEqual(['Round 3 is left out: nothing was measured with the sidecars of client and server.']);
  });

  test('is unknown after too few rounds, and of nothing', () => {
    const { added, notes } = overheadReport(simulated({ seed: 5, rounds: 3, requests: 50 }), options);
    expect(added[1]?.responseP50Ms).toMatchObject({ low: null, high: null, verdict: 'unknown' });
    expect(added[1]?.responseP50Ms.value).toBeGreaterThan(0);
    expect(notes).toEqual(['3 rounds are too few for intervals; they take 5.']);
    const none = overheadReport([], options);
    expect(none.variants.map(({ responseP50Ms }) => responseP50Ms.value)).toEqual([null, null, null]);
    expect(none.references[1]?.measured).toBe('not known');
  });

  test('tells of blocks that are not to be trusted, of failed requests and of what is not known', () => {
    const doubtful = simulated({ seed: 6, rounds: 6, requests: 50 }).map((block, index) => ({
      ...block,
      trust: index === 0 ? ('do not trust' as const) : index < 3 ? ('doubt' as const) : block.trust,
      failed: index === 5 ? 7 : 0,
      sidecarCpuMs: null,
    }));
    const { notes, variants } = overheadReport(doubtful, { ...options, notes: ['One core each.'] });
    expect(notes).toEqual([
      'One core each.',
      '1 of 18 blocks are not to be trusted; the runs say why.',
      '2 of 18 blocks are doubtful; the runs say why.',
      '7 of 907 requests failed; latencies are those of good answers.',
    ]);
    expect(variants[2]?.sidecarCpuMsPer1000Requests).toEqual({ value: null, low: null, high: null });
  });
});
