import type { ShiftPoint, ShiftView } from '@meshwise/api';
import { type ChartSize, timeSeries } from '@meshwise/performance';
import { useCallback, useMemo } from 'react';
import { type Second, SHIFT_CHARTS, type ShiftChart, secondsOf, shiftSeries } from '../../logic/shift/charts.ts';
import { Chart } from '../../ui/Chart.tsx';

/** The versions beside each other on one axis, over time. */
export function ShiftCharts(props: { readonly shift: ShiftView; readonly points: readonly ShiftPoint[] }) {
  const { shift, points } = props;
  const seconds = useMemo(() => secondsOf(points), [points]);
  if (points.length === 0) {
    return (
      <p className="mw-missing-text mw-shift-empty">
        No curves: they begin with the first reading of the step, and anew with each start of the daemon.
      </p>
    );
  }
  const names = shift.spec.versions.map(({ name }) => name).join(' ');
  return (
    <div className="mw-perf-grid">
      {SHIFT_CHARTS.map((which) => (
        <VersionsChart key={which} which={which} names={names} seconds={seconds} />
      ))}
    </div>
  );
}

function VersionsChart(props: {
  readonly which: ShiftChart;
  readonly names: string;
  readonly seconds: readonly Second[];
}) {
  const { which, names, seconds } = props;
  const draw = useCallback(
    (size: ChartSize) => timeSeries(seconds, shiftSeries(which, names.split(' ')), size),
    [which, names, seconds],
  );
  return <Chart draw={draw} />;
}
