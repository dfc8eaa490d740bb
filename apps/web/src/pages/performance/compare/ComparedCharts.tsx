import type { RunResponse } from '@meshwise/api';
import type { NamedHistogram } from '@meshwise/performance';
import { useMemo } from 'react';
import { HistogramChart, PercentileChart } from '../HistogramCharts.tsx';

/** The response times of all of them on the same axes. */
export function ComparedCharts(props: { readonly runs: readonly RunResponse[] }) {
  const { runs } = props;
  const sets = useMemo<NamedHistogram[]>(
    () =>
      runs.map(({ record, histograms }, index) => ({
        label: index === 0 ? `${record.name} (baseline)` : record.name,
        histogram: histograms.response,
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
