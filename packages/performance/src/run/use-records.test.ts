import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UseReading } from './ports.ts';
import { type TimedReadings, useRecords } from './use-records.ts';

const at = (atMs: number, ...readings: readonly Partial<UseReading>[]): TimedReadings => ({
  atMs,
  readings: readings.map((reading) => ({ role: 'sidecar', name: 'a', cpuMs: 0, memoryBytes: 100, ...reading })),
});

/** Effects of the data plane on CPU and memory, per participant: missions 000-54…56 and 000-96. */
describe('what everyone used', () => {
  it('is the difference over the measured time, by thousand requests too', () => {
    const log = [0, 1_000, 2_000, 3_000].map((ms) => at(ms, { cpuMs: 500 + ms / 10, memoryBytes: 100 + ms }));
    expect(useRecords(log, { fromMs: 1_000, toMs: 3_000 }, 4_000)).toEqual([
      {
        role: 'sidecar',
        name: 'a',
        cpuMillicoresMean: 100,
        cpuMillicoresMax: 100,
        cpuMsPer1000Requests: 50,
        memoryBytesMean: 2_100,
        memoryBytesMax: 3_100,
        samples: 3,
      },
    ]);
  });

  it('does not depend on when it was read, as long as the load is even', () => {
    const times = fc.uniqueArray(fc.integer({ min: -2_000, max: 12_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(times, (between) => {
        const log = [-3_000, ...between.sort((a, b) => a - b), 13_000].map((ms) => at(ms, { cpuMs: (ms + 3_000) / 4 }));
        const [record] = useRecords(log, { fromMs: 0, toMs: 10_000 }, 1_000);
        expect(record?.cpuMillicoresMean).toBeCloseTo(250, 6);
        expect(record?.cpuMillicoresMax).toBeCloseTo(250, 6);
        expect(record?.cpuMsPer1000Requests).toBeCloseTo(2_500, 6);
      }),
    );
  });

  it('tells the busiest second from the mean, and does not take two readings at once for a second', () => {
    const log = [at(0, {}), at(1_000, { cpuMs: 900 }), at(1_001, { cpuMs: 910 }), at(4_000, { cpuMs: 910 })];
    const [record] = useRecords(log, { fromMs: 0, toMs: 4_000 }, 10);
    expect(record?.cpuMillicoresMean).toBeCloseTo(227.5, 6);
    expect(record?.cpuMillicoresMax).toBeCloseTo(900, 6);
  });

  it('is added up when a process starts again from zero', () => {
    const log = [
      at(0, { cpuMs: 5_000 }),
      at(1_000, { cpuMs: 5_100 }),
      at(2_000, { cpuMs: 40 }),
      at(3_000, { cpuMs: 60 }),
    ];
    const [record] = useRecords(log, { fromMs: 0, toMs: 3_000 }, 1_000);
    expect(record?.cpuMsPer1000Requests).toBeCloseTo(160, 6);
  });

  it('counts for the time in which one was seen, when that is not all of it', () => {
    const log = [at(0, {}), at(1_000, {}, { name: 'late', cpuMs: 7_000 }), at(2_000, { name: 'late', cpuMs: 7_300 })];
    const [first, late] = useRecords(log, { fromMs: 0, toMs: 2_000 }, 100);
    expect(first).toMatchObject({ name: 'a', cpuMillicoresMean: 0, samples: 2 });
    expect(late).toMatchObject({ name: 'late', cpuMillicoresMean: 300, cpuMsPer1000Requests: 3_000 });
  });

  it('is not known from one reading, nor for no requests', () => {
    const [once] = useRecords([at(500, { cpuMs: 9 })], { fromMs: 0, toMs: 1_000 }, 10);
    expect(once).toMatchObject({
      cpuMillicoresMean: null,
      cpuMsPer1000Requests: null,
      memoryBytesMax: 100,
      samples: 1,
    });
    const [none] = useRecords([at(0, {}), at(1_000, { cpuMs: 9 })], { fromMs: 0, toMs: 1_000 }, 0);
    expect(none).toMatchObject({ cpuMillicoresMean: 9, cpuMsPer1000Requests: null });
  });

  it('stays apart by role and name', () => {
    const log = [at(0, {}, { role: 'application' }, { name: 'b' })];
    expect(useRecords(log, { fromMs: 0, toMs: 1 }, 1).map(({ role, name }) => `${role} ${name}`)).toEqual([
      'application a',
      'sidecar a',
      'sidecar b',
    ]);
  });
});
