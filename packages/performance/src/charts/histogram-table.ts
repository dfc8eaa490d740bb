import type { Histogram } from '@meshwise/load';
import { linearTicks, type Span } from './scale.ts';
import type { ChartTable } from './scene.ts';
import { latencyText, numberText, percentText } from './units.ts';

export interface HistogramToTell {
  readonly label: string;
  readonly histogram: Histogram;
}

/** About a dozen classes between round limits, and one for what is slower than the drawing shows. */
export function histogramTable(known: readonly HistogramToTell[], span: Span): ChartTable {
  const step = span.from > 0 ? null : (linearTicks(span, 10)[1] ?? 1);
  const classOf = (ms: number) =>
    step === null
      ? Math.floor(Math.log2(Math.max(ms, 1e-6)))
      : Math.min(Math.floor(ms / step), Math.ceil(span.to / step));
  const limits = (index: number) =>
    step === null
      ? `${latencyText(2 ** index)} to ${latencyText(2 ** (index + 1))}`
      : index * step >= span.to - step * 1e-9
        ? `${latencyText(span.to)} and more`
        : `${latencyText(index * step)} to ${latencyText((index + 1) * step)}`;
  const counts = known.map(({ histogram }) => {
    const classes = new Map<number, number>();
    for (const [low, high, count] of histogram.buckets()) {
      const index = classOf((low + high) / 2e6);
      classes.set(index, (classes.get(index) ?? 0) + count);
    }
    return { classes, total: histogram.count };
  });
  const all = [...new Set(counts.flatMap(({ classes }) => [...classes.keys()]))].sort((a, b) => a - b);
  const cells = (index: number) =>
    counts.flatMap(({ classes, total }) => {
      const count = classes.get(index) ?? 0;
      return [numberText(count), percentText((100 * count) / Math.max(1, total))];
    });
  const headings = known.flatMap(({ label }) =>
    known.length === 1 ? ['Requests', 'Share'] : [`${label}: requests`, `${label}: share`],
  );
  return { headings: ['Response time', ...headings], rows: all.map((index) => [limits(index), ...cells(index)]) };
}
