import { describe, expect, it } from 'vitest';
import { NO_TRAFFIC, sumTraffic, sumUse } from './traffic.ts';

describe('figures of several proxies as one', () => {
  const sample = (requestsPerSecond: number, errorPercent: number | undefined, p99: number | undefined) => ({
    requestsPerSecond,
    errorPercent,
    latencyP50Ms: undefined,
    latencyP99Ms: p99,
  });

  it('add rates, weigh errors by rate, and never look better than the slowest', () => {
    expect(sumTraffic([sample(90, 0, 5), sample(10, 50, 80)])).toEqual({
      requestsPerSecond: 100,
      errorPercent: 5,
      latencyP50Ms: null,
      latencyP99Ms: 80,
    });
  });

  it('are unknown for none, and have no error share without a request', () => {
    expect(sumTraffic([])).toEqual(NO_TRAFFIC);
    expect(sumTraffic([sample(0, undefined, undefined)])).toMatchObject({ requestsPerSecond: 0, errorPercent: null });
  });

  it('add memory and processor time of what is known', () => {
    expect(
      sumUse([{ cpuMillicores: undefined, memoryBytes: 5 }, undefined, { cpuMillicores: 7, memoryBytes: 1 }]),
    ).toEqual({
      cpuMillicores: 7,
      memoryBytes: 6,
    });
  });
});
