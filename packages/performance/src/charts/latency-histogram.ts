import { Histogram } from '@meshwise/load';
import { frame } from './frame.ts';
import { bars, binCounts, countBeyond, outline } from './histogram-bins.ts';
import { type HistogramToTell, histogramTable } from './histogram-table.ts';
import type { NamedHistogram } from './run-data.ts';
import { linearScale, logScale, niceSpan, type Scale, type Span } from './scale.ts';
import type { ChartScene, ChartSize, Series } from './scene.ts';
import { toneOf } from './tones.ts';
import { figures, latencyText, numberText } from './units.ts';

export interface HistogramOptions extends ChartSize {
  readonly scale: 'linear' | 'log';
}

const BIN_PX = 5;

/**
 * How often which latency occurred. Buckets are merged to bars of a few pixels. On a linear axis the tail is not
 * drawn where it would squeeze everything else, and the drawing says so; a logarithmic axis shows all. One set is drawn in
 * requests, several in shares of each, so that runs of different length lie on each other.
 */
export function latencyHistogram(sets: readonly NamedHistogram[], options: HistogramOptions): ChartScene {
  const known = sets.map(({ label, histogram }) => ({
    label,
    histogram: Histogram.fromSparse(histogram),
  }));
  const filled = known.filter(({ histogram }) => histogram.count > 0);
  const span = xSpan(
    filled.map(({ histogram }) => histogram),
    options.scale,
  );
  const scaleX = (pixels: Span): Scale =>
    options.scale === 'log'
      ? logScale(span, pixels)
      : linearScale(span, pixels, Math.max(2, (pixels.to - pixels.from) / 90));
  const single = sets.length === 1;
  // As many bins as have about five pixels each: their counts do not depend on how much room labels take.
  const count = Math.max(10, Math.floor((options.width - 70) / BIN_PX));
  const binned = known.map(({ histogram }) =>
    binCounts(histogram, scaleX({ from: 0, to: count }), count).map((inBin) =>
      single ? inBin : (100 * inBin) / Math.max(1, histogram.count),
    ),
  );
  const highest = Math.max(0, ...binned.flatMap((bins) => [...bins]));
  const title = `${single ? 'Requests' : 'Share of requests'} by response time${options.scale === 'log' ? ', logarithmic' : ''}`;
  const drawn = frame(
    { ...options, title, defaultHeight: 250 },
    {
      title: `response time, ${options.scale === 'log' ? 'logarithmic' : 'linear'}`,
      scale: scaleX,
      label: latencyText,
    },
    {
      title: single ? 'requests' : '% of requests',
      scale: (pixels) => linearScale(niceSpan(0, highest, 4), pixels, 4),
      label: (value) => (single ? numberText(value) : figures(value)),
    },
    sets.map(({ label }, index) => ({ label, ...toneOf(index) })),
  );
  const series = binned.map((bins, index): Series => {
    const marks = single ? [{ shape: 'bar' as const, d: bars(bins, drawn) }] : outline(bins, drawn);
    return { label: sets[index]?.label ?? '', ...toneOf(index), marks: [...marks, ...(drawn.keys[index] ?? [])] };
  });
  const beyond = known.map(({ histogram }) => countBeyond(histogram, span.to));
  const hidden = beyond.reduce((sum, count) => sum + count, 0);
  const note =
    hidden === 0
      ? []
      : [
          {
            kind: 'note' as const,
            text: `${numberText(hidden)} slower`,
            x: drawn.right,
            y: drawn.top + 10,
            anchor: 'end' as const,
          },
        ];
  return {
    name: `latency-histogram-${options.scale}`,
    title,
    summary: summaryOf(filled),
    width: drawn.width,
    height: drawn.height,
    axes: drawn.axes,
    series,
    texts: [...drawn.texts, ...note],
    table: histogramTable(known, span),
  };
}

function summaryOf(filled: readonly HistogramToTell[]): string {
  if (filled.length === 0) return 'Nothing was measured.';
  return filled
    .map(({ label, histogram }) => {
      const at = (percentile: number) => latencyText(histogram.valueAtPercentile(percentile) / 1e6);
      return `${label}: half of ${numberText(histogram.count)} requests took at most ${at(50)}, 99 % at most ${at(99)}, the slowest ${at(100)}.`;
    })
    .join(' ');
}

/** In milliseconds. */
function xSpan(histograms: readonly Histogram[], scale: 'linear' | 'log'): Span {
  const least = Math.min(...histograms.map(({ minNs }) => minNs)) / 1e6;
  const most = Math.max(...histograms.map(({ maxNs }) => maxNs)) / 1e6;
  if (histograms.length === 0) return { from: scale === 'log' ? 0.1 : 0, to: 10 };
  if (scale === 'log') return { from: Math.max(1e-6, least * 0.9), to: Math.max(most * 1.1, least * 2, 2e-6) };
  return niceSpan(0, Math.max(1e-6, ...histograms.map(bulkMs)), 8);
}

/** Up to where a linear axis goes: as far into the tail as leaves the nine fastest of ten a sixth of the room. */
function bulkMs(histogram: Histogram): number {
  const [most = 0, p999 = 0, p99 = 0, p90 = 0] = [100, 99.9, 99, 90].map(
    (one) => histogram.valueAtPercentile(one) / 1e6,
  );
  return [most, p999, p99].find((limit) => limit <= 6 * p90) ?? 3 * p90;
}
