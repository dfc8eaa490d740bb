import { Histogram, type SparseHistogram } from '@meshwise/load';
import { PooledHistograms } from '../statistics/pooled.ts';
import { frame } from './frame.ts';
import { linePath, markerPath, type Point } from './path.ts';
import type { NamedHistogram } from './run-data.ts';
import { linearScale, logScale, niceSpan, type Scale, type Span } from './scale.ts';
import type { ChartScene, ChartSize, Series } from './scene.ts';
import { toneOf } from './tones.ts';
import { latencyText } from './units.ts';

/** Where ticks, markers and rows of the table are. */
const SHOWN = [50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 99.9999];
const TICKS = [50, 90, 99, 99.9, 99.99, 99.999, 99.9999];

/** Nines: 90 % is 1, 99 % is 2. What makes the tail as wide as the rest. */
const nines = (percentile: number) => -Math.log10(1 - percentile / 100);

/**
 * The latency that a share of requests does not exceed, the tail drawn out. A curve ends where one single request would decide
 * what it says. The y-axis is logarithmic as soon as the tail is twenty times the median.
 */
export function percentileCurve(sets: readonly NamedHistogram[], options: ChartSize): ChartScene {
  const curves = sets.map(({ label, histogram }) => ({
    label,
    histogram: Histogram.fromSparse(histogram),
    at: percentiles(histogram),
  }));
  const most = Math.max(1, ...curves.map(({ histogram }) => lastNine(histogram)));
  const drawn = frame(
    { ...options, title: 'Response time by percentile', defaultHeight: 270 },
    { title: 'percentile', scale: (pixels) => percentileScale(most, pixels), label: (tick) => `${tick} %` },
    { title: 'latency', scale: (pixels) => latencyScale(curves, pixels), label: latencyText },
    curves.map(({ label }, index) => ({ label, ...toneOf(index), marker: (at) => markerPath(at, index) })),
  );
  const series = curves.map(({ label, histogram, at }, index): Series => {
    const end = lastNine(histogram);
    const point = (percentile: number): Point => [drawn.x.at(percentile), drawn.y.at(at(percentile))];
    const steps =
      histogram.count === 0 ? [] : Array.from({ length: 161 }, (_, step) => 100 * (1 - 10 ** ((-end * step) / 160)));
    const dots = histogram.count === 0 ? [] : SHOWN.filter((percentile) => nines(percentile) <= end + 1e-9);
    const marks = [
      { shape: 'line' as const, d: linePath(steps.map(point)) },
      { shape: 'dot' as const, d: dots.map((percentile) => markerPath(point(percentile), index)).join('') },
    ];
    return { label, ...toneOf(index), marks: [...marks, ...(drawn.keys[index] ?? [])] };
  });
  const rows = SHOWN.filter((percentile) => nines(percentile) <= most + 1e-9);
  const value = (histogram: Histogram, percentile: number) =>
    histogram.count === 0 || nines(percentile) > lastNine(histogram) + 1e-9
      ? null
      : histogram.valueAtPercentile(percentile) / 1e6;
  return {
    name: 'percentiles',
    title: 'Response time by percentile',
    summary: curves
      .map(({ label, histogram }) =>
        histogram.count === 0
          ? `${label}: nothing was measured.`
          : `${label}: ${latencyText(value(histogram, 50))} at 50 %, ${latencyText(value(histogram, 90))} at 90 %, ${latencyText(value(histogram, 99))} at 99 %.`,
      )
      .join(' '),
    width: drawn.width,
    height: drawn.height,
    axes: drawn.axes,
    series,
    texts: drawn.texts,
    table: {
      headings: ['Percentile', ...curves.map(({ label }) => label)],
      rows: rows.map((percentile) => [
        `${percentile} %`,
        ...curves.map(({ histogram }) => latencyText(value(histogram, percentile))),
      ]),
      rowX: rows.map(drawn.x.at),
    },
  };
}

/** In milliseconds; a curve asks often. */
function percentiles(histogram: SparseHistogram): (percentile: number) => number {
  const pooled = new PooledHistograms([histogram]);
  return (percentile) => pooled.percentileNs(percentile, [1]) / 1e6;
}

/** How many nines the values can tell of: with 1,000 of them, three. */
function lastNine({ count }: Histogram): number {
  return count < 2 ? 0.5 : Math.log10(count);
}

function percentileScale(most: number, { from, to }: Span): Scale {
  const at = (percentile: number) => from + (nines(percentile) / most) * (to - from);
  return { ticks: TICKS.filter((tick) => nines(tick) <= most + 1e-9), at };
}

function latencyScale(curves: readonly { readonly histogram: Histogram }[], pixels: Span): Scale {
  const known = curves.map(({ histogram }) => histogram).filter(({ count }) => count > 0);
  if (known.length === 0) return linearScale({ from: 0, to: 10 }, pixels, 4);
  const least = Math.min(...known.map(({ minNs }) => minNs)) / 1e6;
  const most = Math.max(...known.map(({ maxNs }) => maxNs)) / 1e6;
  const middle = Math.min(...known.map((histogram) => histogram.valueAtPercentile(50))) / 1e6;
  if (most <= 20 * middle) return linearScale(niceSpan(0, Math.max(most, 1e-6), 5), pixels, 5);
  return logScale({ from: Math.max(1e-6, least * 0.9), to: most * 1.1 }, pixels);
}
