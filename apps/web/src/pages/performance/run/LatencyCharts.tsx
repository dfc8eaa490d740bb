import type { RunResponse } from '@meshwise/api';
import type { NamedHistogram } from '@meshwise/performance';
import { useMemo } from 'react';
import { TIMES } from '../../../logic/performance/words.ts';
import { HistogramChart, PercentileChart } from '../HistogramCharts.tsx';

/** The response times as a histogram, and all three times by percentile: where they part is where time was lost. */
export function LatencyCharts(props: { readonly run: RunResponse }) {
  const { histograms } = props.run;
  const response = useMemo<NamedHistogram[]>(
    () => [{ label: 'Response time', histogram: histograms.response }],
    [histograms],
  );
  const times = useMemo<NamedHistogram[]>(
    () => TIMES.map(({ key, name }) => ({ label: name, histogram: histograms[key] })),
    [histograms],
  );
  return (
    <>
      <HistogramChart sets={response} />
      <PercentileChart sets={times} />
    </>
  );
}
