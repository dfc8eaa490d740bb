import { number } from '../report/format.ts';
import type { Table } from '../report/result.ts';
import { histogramError } from './histogram-error.ts';

/** Percentiles of our histogram against those of the samples themselves: some that were measured, some that reach far. */
export function histogramPart(measuredNs: readonly number[], count: number, random: () => number): Table {
  const draw = (sample: () => number) => Array.from({ length: count }, sample);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const sets: readonly (readonly [name: string, samplesNs: readonly number[]])[] = [
    ['delays that the server wrote down', measuredNs],
    ['log-normal around 1 ms', draw(() => Math.round(1e6 * Math.exp(1.5 * normal())))],
    ['even from 1 µs to 1 s', draw(() => Math.round(1e3 + random() * 1e9))],
    ['even in the exponent, 1 µs to 10 min', draw(() => Math.round(1e3 * 10 ** (random() * 8.778)))],
  ];
  return {
    title: 'Histogram against raw samples, the worst of 1,002 percentiles (0.1 to 99.9, 99.99, 99.999, 100)',
    columns: ['samples', 'how many', 'error %', 'at percentile'],
    rows: sets.map(([name, samplesNs]) => {
      const { worstPercent, atPercentile } = histogramError(samplesNs);
      return [name, String(samplesNs.length), worstPercent.toFixed(4), number(atPercentile)];
    }),
  };
}
