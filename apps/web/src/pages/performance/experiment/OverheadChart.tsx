import { type ChartSize, type OverheadReport, overheadPlot } from '@meshwise/performance';
import { useCallback } from 'react';
import type { FigureWords } from '../../../logic/performance/overhead.ts';
import { Chart } from '../../../ui/Chart.tsx';

/** What each step adds to one figure, with its interval about zero. */
export function OverheadChart(props: {
  readonly report: OverheadReport;
  readonly words: FigureWords;
  readonly wide: boolean;
}) {
  const { report, words, wide } = props;
  const draw = useCallback((size: ChartSize) => overheadPlot(report, words, size), [report, words]);
  return <Chart draw={draw} wide={wide} sayLess />;
}
