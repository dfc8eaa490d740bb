import type { ResourceUse, Traffic } from '@meshwise/api';
import type { TrafficSample, UseSample } from './sampler.ts';

export const NO_TRAFFIC: Traffic = {
  requestsPerSecond: null,
  errorPercent: null,
  latencyP50Ms: null,
  latencyP99Ms: null,
};
export const NO_USE: ResourceUse = { cpuMillicores: null, memoryBytes: null };

/**
 * Several proxies' figures as one. Rates add up and error shares are weighted by rate; percentiles cannot be merged, so
 * the highest stands, which never makes a service look better than its slowest pod.
 */
export function sumTraffic(samples: readonly TrafficSample[]): Traffic {
  if (samples.length === 0) return NO_TRAFFIC;
  const requestsPerSecond = samples.reduce((sum, sample) => sum + sample.requestsPerSecond, 0);
  const errors = samples.reduce(
    (sum, sample) => sum + (sample.requestsPerSecond * (sample.errorPercent ?? 0)) / 100,
    0,
  );
  const worst = (values: readonly (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? null : Math.max(...known);
  };
  return {
    requestsPerSecond,
    errorPercent: requestsPerSecond === 0 ? null : (errors * 100) / requestsPerSecond,
    latencyP50Ms: worst(samples.map((sample) => sample.latencyP50Ms)),
    latencyP99Ms: worst(samples.map((sample) => sample.latencyP99Ms)),
  };
}

export function sumUse(samples: readonly (UseSample | undefined)[]): ResourceUse {
  const known = samples.filter((sample) => sample !== undefined);
  if (known.length === 0) return NO_USE;
  const cpu = known.map((sample) => sample.cpuMillicores).filter((value) => value !== undefined);
  return {
    cpuMillicores: cpu.length === 0 ? null : cpu.reduce((sum, value) => sum + value, 0),
    memoryBytes: known.reduce((sum, sample) => sum + sample.memoryBytes, 0),
  };
}
