import type { CallView, Traffic } from '@meshwise/api';
import { fullHost } from '@meshwise/model';
import type { ShiftVersion } from '@meshwise/resources';
import { NO_TRAFFIC } from '../status/traffic.ts';
import type { Names } from './route.ts';

/** The calls that go to a version, as the callers' proxies saw them in the last window. */
export function callsTo(version: ShiftVersion, calls: readonly CallView[], names: Names): CallView[] {
  const host = fullHost(version.host, names.namespace, names.clusterDomain);
  return calls.filter(
    (call) =>
      call.host === host &&
      (call.subset ?? undefined) === version.subset &&
      (version.port === undefined || call.port === version.port),
  );
}

/** As one figure: rates add up, error shares are weighted by rate, of percentiles the highest stands. */
export function sumCalls(calls: readonly CallView[]): Traffic {
  const known = calls.flatMap(({ traffic }) => (traffic.requestsPerSecond === null ? [] : [traffic]));
  if (known.length === 0) return NO_TRAFFIC;
  const requestsPerSecond = known.reduce((sum, one) => sum + (one.requestsPerSecond ?? 0), 0);
  const failed = known.reduce((sum, one) => sum + ((one.requestsPerSecond ?? 0) * (one.errorPercent ?? 0)) / 100, 0);
  const highest = (values: readonly (number | null)[]) => {
    const told = values.filter((value) => value !== null);
    return told.length === 0 ? null : Math.max(...told);
  };
  return {
    requestsPerSecond,
    errorPercent: requestsPerSecond === 0 ? null : (failed * 100) / requestsPerSecond,
    latencyP50Ms: highest(known.map((one) => one.latencyP50Ms)),
    latencyP99Ms: highest(known.map((one) => one.latencyP99Ms)),
  };
}

/** Callers with what they send, the busiest first. */
export function callersOf(calls: readonly CallView[]): { workload: string; requestsPerSecond: number }[] {
  return [...Map.groupBy(calls, ({ from }) => from)]
    .map(([workload, own]) => ({ workload, requestsPerSecond: sumCalls(own).requestsPerSecond ?? 0 }))
    .filter(({ requestsPerSecond }) => requestsPerSecond > 0)
    .sort((a, b) => b.requestsPerSecond - a.requestsPerSecond);
}
