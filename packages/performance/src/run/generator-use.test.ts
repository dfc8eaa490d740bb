import { describe, expect, it } from 'vitest';
import { withGeneratorCpu } from './generator-use.ts';
import { intervalOf } from './testing/intervals.ts';

describe('what the generator used', () => {
  it('is what its workers say, added up, without the warm-up', () => {
    const intervals = [
      intervalOf({ second: -1, cpuMs: 990 }),
      intervalOf({ worker: 0, second: 0, cpuMs: 100 }),
      intervalOf({ worker: 1, second: 0, cpuMs: 300 }),
      intervalOf({ worker: 0, second: 1, cpuMs: 100, elapsedMs: 500 }),
      intervalOf({ worker: 1, second: 1, cpuMs: 100, elapsedMs: 500 }),
    ];
    expect(withGeneratorCpu([], intervals, 400)).toMatchObject([
      { role: 'generator', cpuMillicoresMean: 400, cpuMillicoresMax: 400, cpuMsPer1000Requests: 1_500, samples: 0 },
    ]);
  });

  it('is not the busiest in a last part of a second, whose grain is too coarse', () => {
    const intervals = [intervalOf({ second: 0, cpuMs: 100 }), intervalOf({ second: 1, cpuMs: 10, elapsedMs: 10 })];
    const [record] = withGeneratorCpu([], intervals, 0);
    expect(record?.cpuMillicoresMax).toBeLessThan(120);
    expect(record?.cpuMsPer1000Requests).toBeNull();
  });
});
