import type { Interval } from '@meshwise/load';
import { type Sampled, sample } from '../statistics/estimate.ts';
import { PooledHistograms } from '../statistics/pooled.ts';
import { seededRandom, seedOf } from '../statistics/random.ts';
import { resampleSeries } from '../statistics/resample.ts';
import type { ComparisonUnit } from './comparison.ts';
import { type RunUnit, runUnits } from './run-units.ts';

/** A figure that can be computed of any part of a run. */
export interface Metric {
  readonly metric: string;
  readonly label: string;
  readonly unit: ComparisonUnit;
  readonly better: 'lower' | 'higher';
  readonly statistic: (units: readonly RunUnit[]) => (weights: ArrayLike<number>) => number;
}

const latency = (of: 'response' | 'service', percentile: number): Metric => ({
  metric: `${of}P${String(percentile).replace('.', '')}Ms`,
  label: `${of === 'response' ? 'Response' : 'Service'} time p${percentile}`,
  unit: 'ms',
  better: 'lower',
  statistic: (units) => {
    const pooled = new PooledHistograms(units.map((unit) => unit[of]));
    return (weights) => pooled.percentileNs(percentile, weights) / 1e6;
  },
});

const ratio =
  (above: (unit: RunUnit) => number, below: (unit: RunUnit) => number, factor: number): Metric['statistic'] =>
  (units) =>
  (weights) => {
    let [sum, base] = [0, 0];
    for (const [index, unit] of units.entries()) {
      sum += (weights[index] ?? 0) * above(unit);
      base += (weights[index] ?? 0) * below(unit);
    }
    return (factor * sum) / base;
  };

export const METRICS: readonly Metric[] = [
  ...[50, 90, 99, 99.9].map((percentile) => latency('response', percentile)),
  ...[50, 99].map((percentile) => latency('service', percentile)),
  {
    metric: 'achievedRps',
    label: 'Achieved',
    unit: 'rps',
    better: 'higher',
    statistic: ratio(
      ({ completed }) => completed,
      ({ elapsedMs }) => elapsedMs,
      1_000,
    ),
  },
  {
    metric: 'errorPercent',
    label: 'Failed or dropped',
    unit: 'percent',
    better: 'lower',
    statistic: ratio(
      ({ lost }) => lost,
      ({ completed, lost }) => completed + lost,
      100,
    ),
  },
];

/**
 * Every metric of one run with what it might have been: blocks of neighbouring seconds are drawn again, as long as the cube
 * root of their number (the order at which such intervals are best; Hall, Horowitz and Jing, 1995). What varies by
 * itself is a block and not a second, so a run of a few seconds has no interval.
 */
export function sampleRun(id: string, intervals: readonly Interval[]): ReadonlyMap<Metric, Sampled> {
  const units = runUnits(intervals);
  const blockLength = Math.max(2, Math.ceil(Math.cbrt(units.length)));
  const draws = resampleSeries(units.length, blockLength, seededRandom(seedOf(id)));
  const blocks = Math.floor(units.length / blockLength);
  return new Map(
    METRICS.map((metric) => [metric, sample(blocks, units.length, draws, metric.statistic(units))] as const),
  );
}
