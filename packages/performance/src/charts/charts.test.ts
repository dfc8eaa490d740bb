import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulatedRun } from '../testing/simulated-run.ts';
import { differencePlot } from './difference-plot.ts';
import { errorsByKind } from './errors-by-kind.ts';
import { latencyHistogram } from './latency-histogram.ts';
import { percentileCurve } from './percentile-curve.ts';
import { RUN_SERIES, type RunSeries, runSeries } from './run-series.ts';
import type { ChartScene, ChartSize } from './scene.ts';
import { textWidth } from './text.ts';
import { millisecondsText } from './units.ts';

const runs = [1, 2, 3, 4, 5].map((seed) =>
  simulatedRun({
    id: `run-${seed}`,
    name: `after change number ${seed} of the day`,
    seed,
    seconds: 20,
    meanMs: seed,
    stallAt: 9,
    failed: 9,
  }),
);
const [run = simulatedRun({ id: 'none' })] = runs;
const summary = run.record.summary;
const responses = runs.map(({ record, histograms }) => ({ label: record.name, histogram: histograms.response }));
const one = responses.slice(0, 1);
const difference = (value: number, low: number, high: number) =>
  ({ value, low, high, verdict: low > 0 ? 'more' : 'within noise' }) as const;

const CHARTS: readonly (readonly [string, (size: ChartSize) => ChartScene])[] = [
  ['a linear histogram', (size) => latencyHistogram(one, { ...size, scale: 'linear' })],
  ['a logarithmic histogram', (size) => latencyHistogram(one, { ...size, scale: 'log' })],
  ['five histograms', (size) => latencyHistogram(responses, { ...size, scale: 'log' })],
  ['a percentile curve', (size) => percentileCurve(one, size)],
  ['five percentile curves', (size) => percentileCurve(responses, size)],
  ...(Object.keys(RUN_SERIES) as RunSeries[]).map(
    (which) => [`the series ${which}`, (size: ChartSize) => runSeries(which, run.seconds, size)] as const,
  ),
  ['errors', (size) => errorsByKind(summary ?? expect.fail(), size)],
  [
    'differences',
    (size) =>
      differencePlot(
        [
          { label: 'both sidecars over none', difference: difference(0.8, 0.5, 1.1) },
          { label: 'server’s sidecar over none', difference: difference(0.1, -0.2, 0.4) },
          { label: 'without an interval', difference: { value: 3, low: null, high: null, verdict: 'unknown' } },
          { label: 'not known', difference: { value: null, low: null, high: null, verdict: 'unknown' } },
        ],
        { ...size, name: 'added', title: 'Added', text: millisecondsText },
      ),
  ],
];

/** Where each text stands, by the width that the charts themselves reckon with. */
function boxes({ texts }: ChartScene) {
  return texts.map(({ kind, text, x, y, anchor }) => {
    const width = textWidth(text) * (kind === 'heading' ? 1.2 : 1);
    const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
    return { text, left, right: left + width, top: y - 9, bottom: y + 2 };
  });
}

function overlaps(scene: ChartScene): string[] {
  const all = boxes(scene).filter(({ text }) => text !== '');
  return all.flatMap((a, index) =>
    all
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} / ${b.text}`),
  );
}

/** Every coordinate of path data; relative ones are lengths and stay small. */
function numbers(d: string): number[] {
  return [...d.matchAll(/-?\d+(\.\d+)?|NaN|Infinity/g)].map(([text]) => Number(text));
}

describe.each(CHARTS)('%s', (_name, draw) => {
  test.each([360, 500, 900])('at %i pixels has no text on another or beyond the rim, and marks inside', (width) => {
    for (const heading of [false, true]) {
      const scene = draw({ width, heading });
      expect(overlaps(scene)).toEqual([]);
      for (const { text, left, right, bottom } of boxes(scene)) {
        expect(left, text).toBeGreaterThanOrEqual(-1);
        expect(right, text).toBeLessThanOrEqual(width + 1);
        expect(bottom, text).toBeLessThanOrEqual(scene.height);
      }
      const paths = scene.series.flatMap(({ marks }) => marks.flatMap(({ d }) => numbers(d)));
      expect(paths.every((value) => Number.isFinite(value) && Math.abs(value) <= Math.max(width, scene.height))).toBe(
        true,
      );
    }
  });

  test('has a table with the same figures and a sentence', () => {
    const { table, summary: sentence } = draw({ width: 500 });
    expect(sentence).toMatch(/^.{10,}\.$/);
    expect(table.rows.length).toBeGreaterThan(0);
    for (const row of table.rows) expect(row).toHaveLength(table.headings.length);
    if (table.rowX !== undefined) expect(table.rowX).toHaveLength(table.rows.length);
  });
});

describe('series', () => {
  test('are told apart without their colours', () => {
    for (const draw of [
      () => percentileCurve(responses, { width: 500 }),
      () => latencyHistogram(responses, { width: 500, scale: 'log' }),
    ]) {
      expect(new Set(draw().series.map(({ dash }) => dash)).size).toBe(5);
    }
  });
});

describe('a histogram', () => {
  test('counts every request once in its table, and says what a linear axis leaves out', () => {
    for (const scale of ['linear', 'log'] as const) {
      const { table, texts } = latencyHistogram(one, { width: 500, scale });
      const counted = table.rows.reduce((sum, [, count = '']) => sum + Number(count.replaceAll(',', '')), 0);
      expect(counted).toBe(4_000);
      const notes = texts.filter(({ kind }) => kind === 'note').map(({ text }) => text);
      if (scale === 'log') expect(notes).toEqual([]);
      else expect(notes).toEqual([expect.stringMatching(/^\d+ slower$/)]);
    }
  });
});

describe('what was never measured', () => {
  const nothing = [{ label: 'none', histogram: [] }];
  test.each([
    ['histogram', latencyHistogram(nothing, { width: 360, scale: 'linear' })],
    ['logarithmic histogram', latencyHistogram(nothing, { width: 360, scale: 'log' })],
    ['curve', percentileCurve(nothing, { width: 360 })],
    ['series', runSeries('latency', [], { width: 360 })],
  ])('is an empty %s that says so', (_kind, scene) => {
    expect(scene.summary).toMatch(/othing was measured\.$/);
    expect(scene.series.flatMap(({ marks }) => marks.flatMap(({ d }) => numbers(d))).every(Number.isFinite)).toBe(true);
  });
});

describe('any set of values', () => {
  test('can be drawn: one value, equal ones, nanoseconds and an hour', () => {
    const sparse = fc
      .uniqueArray(fc.integer({ min: 0, max: 33_000 }), { maxLength: 12 })
      .map((indices) => [...indices].sort((a, b) => a - b).flatMap((index) => [index, 1 + (index % 7)]));
    fc.assert(
      fc.property(
        fc.array(sparse, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('linear' as const, 'log' as const),
        (sets, scale) => {
          const named = sets.map((histogram, index) => ({ label: `set ${index}`, histogram }));
          for (const scene of [
            latencyHistogram(named, { width: 360, scale }),
            percentileCurve(named, { width: 360 }),
          ]) {
            expect(overlaps(scene)).toEqual([]);
            const paths = scene.series.flatMap(({ marks }) => marks.flatMap(({ d }) => numbers(d)));
            expect(paths.every((value) => Number.isFinite(value) && Math.abs(value) <= 400)).toBe(true);
          }
        },
      ),
    );
  });
});
