import type { Traffic } from '@meshwise/api';

export function traffic(
  rate: number | null,
  errors: number | null = 0,
  p50: number | null = 3.1,
  p99: number | null = 12,
): Traffic {
  return { requestsPerSecond: rate, errorPercent: errors, latencyP50Ms: p50, latencyP99Ms: p99 };
}

export const UNMEASURED = traffic(null, null, null, null);
