import { type NamedHistogram, poolSparse, type RunToCompare } from '@meshwise/performance';
import { useMemo } from 'react';
import { HistogramChart, PercentileChart } from '../HistogramCharts.tsx';

/** The response times of all of them on the same axes. */
export function ComparedCharts(props: { readonly runs: readonly RunToCompare[] }) {
  const { runs } = props;
  const sets = useMemo<NamedHistogram[]>(
    () =>
      runs.map(({ record, intervals }, index) => ({
        label: index === 0 ? `${record.name} (baseline)` : record.name,
        histogram: poolSparse(intervals.filter(({ second }) => second >= 0).map(({ response }) => response)),
      })),
    [runs],
  );
  return (
    <>
      <PercentileChart sets={sets} />
      <HistogramChart sets={sets} />
    </>
  );
}
