import type { Difference } from '../record/experiment-record.ts';
import { placeTicks } from './frame.ts';
import { linePath, markerPath, segmentPath } from './path.ts';
import { linearScale, niceSpan } from './scale.ts';
import type { ChartScene, ChartSize, SceneText, Series } from './scene.ts';
import { fitText, textWidth } from './text.ts';
import { signedText } from './units.ts';

export interface DifferenceRow {
  readonly label: string;
  readonly difference: Difference;
}

const ROW = 40;

/**
 * Differences with their 95 % intervals about a line at zero: what reaches over the line is within noise, and drawn hollow and grey. Each
 * row has its label and its value above it; the bounds are to be seen, and in the table to be read.
 */
export function differencePlot(
  rows: readonly DifferenceRow[],
  options: ChartSize & {
    readonly name: string;
    readonly title: string;
    /** Of a value without its sign. */
    readonly text: (value: number) => string;
  },
): ChartScene {
  const { width, name, title, text } = options;
  const top = options.heading === true ? 34 : 8;
  const bottom = top + rows.length * ROW;
  const bounds = rows
    .flatMap(({ difference: { value, low, high } }) => [value, low, high])
    .filter((one) => one !== null);
  const span = niceSpan(Math.min(0, ...bounds), Math.max(0, ...bounds), 4);
  const pixels = { from: 14, to: width - 14 };
  const x = linearScale(span, pixels, Math.max(2, width / 110));
  const ticks = placeTicks(
    x.ticks.map((tick) => ({ at: x.at(tick), text: signedText(tick, text) })),
    width,
  );
  const zero = x.at(0);
  const texts: SceneText[] = ticks.map((tick) => ({
    kind: 'tick',
    text: tick.text,
    x: tick.x,
    y: bottom + 17,
    anchor: 'start',
  }));
  if (options.heading === true)
    texts.push({ kind: 'heading', text: fitText(title, width * 0.8), x: 4, y: 17, anchor: 'start' });
  const series = rows.map(({ label, difference }, index): Series => {
    const y = top + index * ROW + 27;
    const clear = difference.verdict === 'more' || difference.verdict === 'less';
    const told = valueText(difference, text);
    texts.push({ kind: 'label', text: fitText(label, width - textWidth(told) - 20), x: 4, y: y - 12, anchor: 'start' });
    texts.push({ kind: 'value', text: told, x: width - 4, y: y - 12, anchor: 'end' });
    return { label, tone: clear ? 'one' : 'quiet', dash: 0, marks: marksOf(difference, x.at, y, clear) };
  });
  return {
    name,
    title,
    summary: `${rows.map(({ label, difference }) => `${label} ${differenceText(difference, text)}`).join('; ')}.`,
    width,
    height: bottom + 24,
    axes: [
      {
        side: 'bottom',
        title,
        line: linePath([
          [pixels.from, bottom],
          [pixels.to, bottom],
        ]),
        grid: ticks.map(({ at }) => acrossRows(at, rows.length, top)).join(''),
      },
      { side: 'left', title: 'no difference', line: acrossRows(zero, rows.length, top), grid: '' },
    ],
    series,
    texts,
    table: {
      headings: ['', 'Difference', 'From', 'To', 'Verdict'],
      rows: rows.map(({ label, difference: { value, low, high, verdict } }) => [
        label,
        signedText(value, text),
        signedText(low, text),
        signedText(high, text),
        verdict,
      ]),
    },
  };
}

/** An upright line that leaves room for the texts of the rows. */
function acrossRows(x: number, rows: number, top: number): string {
  return Array.from({ length: rows }, (_, row) =>
    segmentPath(x, top + row * ROW + 20, x, top + (row + 1) * ROW - 4),
  ).join('');
}

function marksOf(
  { value, low, high }: Difference,
  at: (value: number) => number,
  y: number,
  clear: boolean,
): Series['marks'] {
  if (value === null) return [];
  const dot = { shape: clear ? ('dot' as const) : ('whisker' as const), d: markerPath([at(value), y], 0, 4) };
  if (low === null || high === null) return [dot];
  // Open at the point when it is hollow, so that the line does not run through it.
  const line = clear
    ? segmentPath(at(low), y, at(high), y)
    : segmentPath(at(low), y, Math.max(at(low), at(value) - 4), y) +
      segmentPath(Math.min(at(high), at(value) + 4), y, at(high), y);
  const ends = [low, high].map((bound) => segmentPath(at(bound), y - 5, at(bound), y + 5)).join('');
  return [{ shape: 'whisker', d: line + ends }, dot];
}

function valueText({ value, verdict }: Difference, text: (value: number) => string): string {
  return value === null ? 'not known' : verdict === 'within noise' ? verdict : signedText(value, text);
}

/** `+0.42 ms [+0.1 ms, +0.8 ms]`, `within noise [−0.2 ms, +0.3 ms]`. */
export function differenceText({ value, low, high, verdict }: Difference, text: (value: number) => string): string {
  if (value === null) return 'not known';
  if (low === null || high === null) return `${signedText(value, text)}, no interval`;
  const range = `[${signedText(low, text)}, ${signedText(high, text)}]`;
  return verdict === 'within noise' ? `within noise ${range}` : `${signedText(value, text)} ${range}`;
}
