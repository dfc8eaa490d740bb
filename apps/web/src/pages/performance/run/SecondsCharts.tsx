import type { SecondView } from '@meshwise/load';
import { type ChartSize, type RunSeries, runSeries } from '@meshwise/performance';
import { useCallback } from 'react';
import { Chart } from '../../../ui/Chart.tsx';

const SERIES: readonly RunSeries[] = ['rate', 'latency', 'errors', 'lag'];

/** What every second of the run was like; grows while it goes on. */
export function SecondsCharts(props: { readonly seconds: readonly SecondView[] }) {
  if (props.seconds.length === 0) return null;
  return SERIES.map((which) => <SecondsChart key={which} which={which} seconds={props.seconds} />);
}

function SecondsChart(props: { readonly which: RunSeries; readonly seconds: readonly SecondView[] }) {
  const { which, seconds } = props;
  const draw = useCallback((size: ChartSize) => runSeries(which, seconds, size), [which, seconds]);
  return <Chart draw={draw} />;
}
