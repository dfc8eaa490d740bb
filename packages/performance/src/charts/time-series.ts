import { frame } from './frame.ts';
import { linePath, type Point } from './path.ts';
import { linearScale, logScale, niceSpan, type Scale, type Span } from './scale.ts';
import type { ChartScene, ChartSize, Series, Tone } from './scene.ts';

/** Anything that has a place in time. */
interface Moment {
  readonly second: number;
}

export interface TimeLine<Second extends Moment> {
  readonly label: string;
  readonly tone: Tone;
  readonly dash: number;
  readonly value: (second: Second) => number | null;
}

export interface TimeSeries<Second extends Moment> {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly TimeLine<Second>[];
  readonly text: (value: number | null) => string;
  /** The axis becomes logarithmic when the highest is fifty times the usual. For latencies: rates are seen from zero. */
  readonly logarithmic?: boolean;
  readonly summary: (seconds: readonly Second[]) => string;
}

const ROWS = 60;

/** Lines over the seconds of a run. Of long runs the table shows every n-th second; the drawing shows all. */
export function timeSeries<Second extends Moment>(
  seconds: readonly Second[],
  series: TimeSeries<Second>,
  size: ChartSize,
): ChartScene {
  const values = series.lines.map(({ value }) => seconds.map(value));
  const first = seconds[0]?.second ?? 0;
  const last = Math.max(first + 1, seconds.at(-1)?.second ?? 0);
  const drawn = frame(
    { ...size, title: series.title, defaultHeight: 210 },
    {
      title: 'seconds since the start',
      scale: (pixels) => linearScale({ from: first, to: last }, pixels, Math.max(2, (pixels.to - pixels.from) / 80)),
      label: (second) => (Number.isInteger(second) ? `${second}` : ''),
    },
    {
      title: series.unit,
      scale: (pixels) => valueScale(values.flat(), pixels, series.logarithmic === true),
      label: series.text,
    },
    series.lines,
  );
  const lines = series.lines.map((line, index): Series => {
    const points = seconds.map(({ second }, at): Point | null => {
      const value = values[index]?.[at] ?? null;
      return value === null ? null : [drawn.x.at(second), drawn.y.at(value)];
    });
    const { label, tone, dash } = line;
    return { label, tone, dash, marks: [{ shape: 'line', d: linePath(points) }, ...(drawn.keys[index] ?? [])] };
  });
  const every = Math.max(1, Math.ceil(seconds.length / ROWS));
  const rows = seconds.filter((_, index) => index % every === 0);
  return {
    name: series.name,
    title: series.title,
    summary: seconds.length === 0 ? 'Nothing was measured.' : series.summary(seconds),
    width: drawn.width,
    height: drawn.height,
    axes: drawn.axes,
    series: lines,
    texts: drawn.texts,
    table: {
      headings: ['Second', ...series.lines.map(({ label }) => label)],
      rows: rows.map((second) => [
        String(second.second),
        ...series.lines.map(({ value }) => series.text(value(second))),
      ]),
      rowX: rows.map(({ second }) => drawn.x.at(second)),
    },
  };
}

function valueScale(values: readonly (number | null)[], pixels: Span, logarithmic: boolean): Scale {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const most = known.at(-1) ?? 0;
  const usual = known[Math.floor(known.length / 2)] ?? 0;
  const least = known.find((value) => value > 0) ?? 1;
  if (logarithmic && usual > 0 && most > 50 * usual) return logScale({ from: least * 0.8, to: most * 1.2 }, pixels);
  return linearScale(niceSpan(0, most, 4), pixels, 4);
}
