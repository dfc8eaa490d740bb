import { type ChartSize, latencyHistogram, type NamedHistogram, percentileCurve } from '@meshwise/performance';
import { useCallback } from 'react';
import { usePageSearch } from '../../data/page-search.ts';
import { Chart } from '../../ui/Chart.tsx';

/** How often which latency occurred; of several runs, one over the other. */
export function HistogramChart(props: { readonly sets: readonly NamedHistogram[] }) {
  const { sets } = props;
  const [search, update] = usePageSearch();
  const scale = search.scale ?? 'linear';
  const draw = useCallback((size: ChartSize) => latencyHistogram(sets, { ...size, scale }), [sets, scale]);
  return (
    <Chart
      draw={draw}
      wide
      controls={
        <button
          type="button"
          className="mw-toggle"
          aria-pressed={scale === 'log'}
          onClick={() => update({ scale: scale === 'log' ? undefined : 'log' })}
        >
          Logarithmic
        </button>
      }
    />
  );
}

export function PercentileChart(props: { readonly sets: readonly NamedHistogram[] }) {
  const { sets } = props;
  const draw = useCallback((size: ChartSize) => percentileCurve(sets, size), [sets]);
  return <Chart draw={draw} wide />;
}
