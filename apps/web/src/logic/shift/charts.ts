import type { ShiftPoint } from '@meshwise/api';
import { latencyText, numberText, percentText, type TimeLine, type TimeSeries, toneOf } from '@meshwise/performance';

/** A point with its place in time. */
export interface Second {
  readonly second: number;
  readonly point: ShiftPoint;
}

type VersionPoint = ShiftPoint['versions'][number];

export function secondsOf(points: readonly ShiftPoint[]): Second[] {
  const firstMs = Date.parse(points[0]?.at ?? '');
  return points.map((point) => ({ second: Math.round((Date.parse(point.at) - firstMs) / 1_000), point }));
}

/** Every version on one axis: each has its tone and its dash in all charts. */
function linesOf(names: readonly string[], value: (version: VersionPoint) => number | null): TimeLine<Second>[] {
  return names.map((name, index) => ({
    label: name,
    ...toneOf(index),
    value: ({ point }) => {
      const version = point.versions.find((one) => one.name === name);
      return version === undefined ? null : value(version);
    },
  }));
}

export type ShiftChart = 'share' | 'errors' | 'latency' | 'rate';
export const SHIFT_CHARTS: readonly ShiftChart[] = ['share', 'errors', 'latency', 'rate'];

/** What each version did over time, beside the others. */
export function shiftSeries(which: ShiftChart, names: readonly string[]): TimeSeries<Second> {
  const newest = (text: (version: VersionPoint) => string) => (seconds: readonly Second[]) => {
    const versions = seconds.at(-1)?.point.versions ?? [];
    return `Now: ${versions.map((version) => `${version.name} ${text(version)}`).join(', ')}.`;
  };
  switch (which) {
    case 'share':
      return {
        name: 'share',
        title: 'Share of the requests',
        unit: 'percent of all requests',
        text: percentText,
        lines: linesOf(names, ({ sharePercent }) => sharePercent),
        summary: newest(
          ({ sharePercent, setPercent }) => `${percentText(sharePercent)} of ${percentText(setPercent)} set`,
        ),
      };
    case 'errors':
      return {
        name: 'errors',
        title: 'Failed requests',
        unit: 'percent of its requests',
        text: percentText,
        lines: linesOf(names, ({ errorPercent }) => errorPercent),
        summary: newest(({ errorPercent }) => percentText(errorPercent)),
      };
    case 'latency':
      return {
        name: 'latency',
        title: 'Latency, 99th percentile',
        unit: 'at the callers’ proxies, last few seconds',
        text: latencyText,
        logarithmic: true,
        lines: linesOf(names, ({ p99Ms }) => p99Ms),
        summary: newest(({ p99Ms }) => latencyText(p99Ms)),
      };
    case 'rate':
      return {
        name: 'rate',
        title: 'Requests',
        unit: 'requests per second',
        text: numberText,
        lines: linesOf(names, ({ requestsPerSecond }) => requestsPerSecond),
        summary: newest(({ requestsPerSecond }) => `${numberText(requestsPerSecond)} rps`),
      };
  }
}
