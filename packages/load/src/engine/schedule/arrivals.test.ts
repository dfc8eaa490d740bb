import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFor } from '../../testing/plans.ts';
import { type Arrivals, NEVER_NS } from './arrivals.ts';
import { openArrivals } from './open-arrivals.ts';

function timesOf(arrivals: Arrivals): number[] {
  const times: number[] = [];
  for (; arrivals.nextNs !== NEVER_NS; arrivals.advance()) times.push(arrivals.nextNs);
  return times;
}

type Stages = readonly { durationMs: number; fromRps: number; toRps: number }[];
type Kind = 'constant' | 'poisson';

function schedule(
  stages: Stages,
  said: { arrivals?: Kind; warmUpMs?: number; maxRequests?: number | null; seed?: number } = {},
) {
  const { arrivals = 'constant', ...rest } = said;
  return planFor('http://127.0.0.1/', { pace: { kind: 'open', arrivals, stages: [...stages] }, ...rest });
}

const WHOLE = { index: 0, count: 1 };
const rate = fc.nat(2_000);
const stages = fc.array(fc.record({ durationMs: fc.integer({ min: 1, max: 3_000 }), fromRps: rate, toRps: rate }), {
  minLength: 1,
  maxLength: 4,
});
const areaOf = (all: Stages) =>
  all.reduce((sum, one) => sum + ((one.fromRps + one.toRps) / 2) * (one.durationMs / 1_000), 0);

describe('intended times', () => {
  it('are evenly spaced from the very beginning under a constant rate', () => {
    const times = timesOf(openArrivals(schedule([{ durationMs: 1_000, fromRps: 4, toRps: 4 }]), WHOLE));
    expect(times).toEqual([0, 250e6, 500e6, 750e6]);
  });

  it('are as many as the integral of the rate says, in each stage, and grow', () => {
    fc.assert(
      fc.property(stages, (all) => {
        const times = timesOf(openArrivals(schedule(all), WHOLE));
        expect(times.length).toBe(Math.ceil(areaOf(all) - 1e-6));
        let fromNs = 0;
        for (const stage of all) {
          const toNs = fromNs + stage.durationMs * 1e6;
          const count = times.filter((at) => at >= fromNs && at < toNs).length;
          expect(Math.abs(count - areaOf([stage]))).toBeLessThanOrEqual(1 + 1e-6);
          fromNs = toNs;
        }
        expect(
          times.every((at, index) => at >= 0 && at <= fromNs && (index === 0 || at >= (times[index - 1] ?? 0))),
        ).toBe(true);
      }),
    );
  });

  it.each<Kind>(['constant', 'poisson'])('of all shards make up the whole, %s', (arrivals) => {
    fc.assert(
      fc.property(stages, fc.integer({ min: 1, max: 5 }), fc.nat(1_000), (all, count, seed) => {
        const plan = schedule(all, { arrivals, seed, warmUpMs: 100 });
        const shards = Array.from({ length: count }, (_, index) => timesOf(openArrivals(plan, { index, count })));
        const whole = timesOf(openArrivals(plan, WHOLE));
        expect(shards.flat().sort((one, other) => one - other)).toEqual(whole);
        // Nobody has more than one more than another, in warm-up and measured time each.
        const lengths = shards.map(({ length }) => length);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('of a Poisson process have exponential distances, and are the same for the same seed', () => {
    const plan = schedule([{ durationMs: 20_000, fromRps: 1_000, toRps: 1_000 }], { arrivals: 'poisson', seed: 7 });
    const times = timesOf(openArrivals(plan, WHOLE));
    const gapsMs = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / 1e6);
    const mean = gapsMs.reduce((sum, gap) => sum + gap, 0) / gapsMs.length;
    // 1 ms in the mean, and 1/e of them longer than that: with 20,000 of them, to one in fifty.
    expect(mean).toBeCloseTo(1, 1);
    expect(gapsMs.filter((gap) => gap > 1).length / gapsMs.length).toBeCloseTo(Math.exp(-1), 1);
    expect(timesOf(openArrivals(plan, WHOLE))).toEqual(times);
    expect(timesOf(openArrivals({ ...plan, seed: 8 }, WHOLE))).not.toEqual(times);
  });

  it('begin below zero with the warm-up, under the first rate', () => {
    const plan = schedule([{ durationMs: 1_000, fromRps: 2, toRps: 6 }], { warmUpMs: 1_000 });
    const times = timesOf(openArrivals(plan, WHOLE));
    expect(times.slice(0, 3)).toEqual([-1_000e6, -500e6, 0]);
    expect(times).toHaveLength(2 + 4);
  });

  it('end with the last request that was asked for, the warm-up not counted', () => {
    const plan = schedule([{ durationMs: 1_000, fromRps: 100, toRps: 100 }], { warmUpMs: 100, maxRequests: 7 });
    const halves = [0, 1].map((index) => timesOf(openArrivals(plan, { index, count: 2 })));
    expect(halves.flat().filter((at) => at >= 0)).toHaveLength(7);
    expect(halves.flat().filter((at) => at < 0)).toHaveLength(10);
  });
});
