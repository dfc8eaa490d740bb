import { linePath, segmentPath } from './path.ts';
import type { Scale, Span } from './scale.ts';
import type { Axis, ChartSize, Mark, SceneText, Tone } from './scene.ts';
import { fitText, textWidth } from './text.ts';

export interface AxisSpec {
  readonly title: string;
  /** Given the pixels to fill, from the lowest value to the highest. */
  readonly scale: (pixels: Span) => Scale;
  readonly label: (value: number) => string;
}

export interface LegendItem {
  readonly label: string;
  readonly tone: Tone;
  readonly dash: number;
  /** The marker drawn in the key; absent when the series has none. */
  readonly marker?: (at: readonly [number, number]) => string;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
  /** Where series may be drawn. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly axes: readonly Axis[];
  readonly texts: readonly SceneText[];
  /** For each item of the legend what stands before its text. */
  readonly keys: readonly (readonly Mark[])[];
}

const TICK_HEIGHT = 15;
const ROW = 17;

/** Axes, ticks and legend of a chart with two axes. No text lies on another: what has no room is left out or cut. */
export function frame(
  size: ChartSize & { readonly title: string; readonly defaultHeight: number },
  xAxis: AxisSpec,
  yAxis: AxisSpec,
  legend: readonly LegendItem[],
): Frame {
  const { width, height = size.defaultHeight } = size;
  const texts: SceneText[] = [];
  let top = 6;
  if (size.heading === true) {
    texts.push({ kind: 'heading', text: fitText(size.title, (width - 8) * 0.8), x: 4, y: top + 11, anchor: 'start' });
    top += 24;
  }
  const { keys, bottom: legendBottom } = placeLegend(legend, width, top, texts);
  // The title of the y-axis stands above it, where it can be read without turning one's head.
  texts.push({ kind: 'axis', text: fitText(yAxis.title, width - 8), x: 4, y: legendBottom + 11, anchor: 'start' });
  const plotTop = legendBottom + 22;
  const bottom = height - TICK_HEIGHT - ROW - 4;
  const y = yAxis.scale({ from: bottom, to: plotTop });
  const yLabels = y.ticks.map((tick) => ({ at: y.at(tick), text: yAxis.label(tick) }));
  const left = Math.ceil(Math.max(24, ...yLabels.map(({ text }) => textWidth(text)))) + 8;
  const right = width - 12;
  for (const { at, text } of apart(yLabels)) texts.push({ kind: 'tick', text, x: left - 6, y: at + 4, anchor: 'end' });
  const x = xAxis.scale({ from: left, to: right });
  const shown = placeTicks(
    x.ticks.map((tick) => ({ at: x.at(tick), text: xAxis.label(tick) })),
    width,
  );
  for (const tick of shown)
    texts.push({ kind: 'tick', text: tick.text, x: tick.x, y: bottom + TICK_HEIGHT, anchor: 'start' });
  texts.push({
    kind: 'axis',
    text: fitText(xAxis.title, right - left),
    x: right,
    y: bottom + TICK_HEIGHT + ROW,
    anchor: 'end',
  });
  const axes: Axis[] = [
    {
      side: 'left',
      title: yAxis.title,
      line: '',
      grid: y.ticks.map((tick) => segmentPath(left, y.at(tick), right, y.at(tick))).join(''),
    },
    {
      side: 'bottom',
      title: xAxis.title,
      line: linePath([
        [left, bottom],
        [right, bottom],
      ]),
      grid: shown.map(({ at }) => segmentPath(at, bottom, at, bottom + 4)).join(''),
    },
  ];
  return { width, height, x, y, left, right, top: plotTop, bottom, axes, texts, keys };
}

/** Labels of the y-axis from below, without those that would touch the one before. */
function apart<Label extends { readonly at: number }>(labels: readonly Label[]): Label[] {
  let last = Number.POSITIVE_INFINITY;
  return labels.filter(({ at }) => {
    if (last - at < 13) return false;
    last = at;
    return true;
  });
}

/** Labels centred at their ticks where the drawing is wide enough, pushed inwards at its ends, and left out where they would touch. */
export function placeTicks(ticks: readonly { readonly at: number; readonly text: string }[], width: number) {
  let free = 0;
  return ticks.flatMap(({ at, text }) => {
    const wide = textWidth(text);
    const x = Math.max(0, Math.min(at - wide / 2, width - wide - 1));
    if (x < free) return [];
    free = x + wide + 7;
    return [{ at, text, x }];
  });
}

/** In rows from the left, as many as it takes. Of one series nobody needs to be told which it is. */
function placeLegend(legend: readonly LegendItem[], width: number, top: number, texts: SceneText[]) {
  if (legend.length < 2) return { keys: legend.map(() => []), bottom: top };
  let [x, y] = [4, top];
  const keys = legend.map(({ label, marker }): Mark[] => {
    const text = fitText(label, Math.min(260, width - 40));
    const wide = 28 + textWidth(text) + 14;
    if (x > 4 && x + wide > width) [x, y] = [4, y + ROW];
    const middle = y + 8;
    texts.push({ kind: 'legend', text, x: x + 28, y: middle + 4, anchor: 'start' });
    const key: Mark[] = [{ shape: 'line', d: segmentPath(x, middle, x + 22, middle) }];
    if (marker !== undefined) key.push({ shape: 'dot', d: marker([x + 11, middle]) });
    x += wide;
    return key;
  });
  return { keys, bottom: y + ROW + 5 };
}
