import { latencyHistogram } from '../charts/latency-histogram.ts';
import { percentileCurve } from '../charts/percentile-curve.ts';
import type { NamedHistogram } from '../charts/run-data.ts';
import {
  bytesText,
  figures,
  latencyText,
  millisecondsText,
  percentText,
  rateText,
  signed,
  signedText,
  UNKNOWN,
} from '../charts/units.ts';
import type { Comparison, ComparisonCell, ComparisonUnit } from '../compare/comparison.ts';
import { type Cell, chart, lineOf, list, reportDocument, section, table } from './document.ts';
import { html, type Markup } from './markup.ts';
import { timestamp } from './parts.ts';
import { TRUST_TONES, TRUST_WORDS } from './trust-words.ts';

export interface ComparisonData {
  readonly comparison: Comparison;
  /** R of each run, in their order; drawn when given. */
  readonly histograms?: readonly NamedHistogram[];
}

export function comparisonReport({ comparison, histograms = [] }: ComparisonData): string {
  const { runs, warnings, differences } = comparison;
  const [baseline] = runs;
  return reportDocument({
    kind: 'Comparison',
    title: runs.map(({ name }) => name).join(' · '),
    subtitle: `The baseline is “${baseline?.name ?? ''}”`,
    footer: `Runs ${runs.map(({ id }) => id).join(', ')}.`,
    content: [
      verdict(comparison),
      ...(warnings.length === 0 ? [] : [section('To be known', list(warnings))]),
      ...(differences.length === 0 ? [] : [section('What differs', differenceTable(comparison))]),
      section('Figures', figureTable(comparison)),
      ...(histograms.length === 0 ? [] : [section('Latency', overlays(histograms))]),
      section('The runs', runTable(comparison)),
    ],
  });
}

/** Counted over what a user feels: response times, rate and errors. */
function verdict({ rows, runs }: Comparison): Markup {
  const parts = runs.slice(1).map(({ id, name }) => {
    const cells = rows.map((row) => ({ row, cell: row.runs.find(({ runId }) => runId === id) }));
    const named = (verdict: string) =>
      cells.filter(({ cell }) => cell?.verdict === verdict).map(({ row }) => row.label.toLowerCase());
    const [better, worse] = [named('better'), named('worse')];
    const told = [
      better.length > 0 ? `better in ${better.join(', ')}` : '',
      worse.length > 0 ? `worse in ${worse.join(', ')}` : '',
    ].filter((part) => part !== '');
    return {
      worse: worse.length > 0,
      text: `“${name}” is ${told.length === 0 ? 'within noise of the baseline' : told.join('; ')}.`,
    };
  });
  const worse = parts.some((part) => part.worse);
  return lineOf(worse ? 'doubt' : 'good', worse ? 'Worse' : 'Not worse', parts.map(({ text }) => text).join(' '));
}

export const UNIT_TEXTS: Readonly<Record<ComparisonUnit, (value: number | null) => string>> = {
  ms: latencyText,
  rps: rateText,
  percent: percentText,
  'cpu-ms': (value) => (value === null ? UNKNOWN : `${figures(value)} ms`),
  bytes: bytesText,
};

/** Of a difference, in units that stay the same over its interval. */
const DIFFERENCE_TEXTS: Readonly<Record<ComparisonUnit, (value: number) => string>> = {
  ...UNIT_TEXTS,
  ms: millisecondsText,
};

/** A column for each run; below its value how it stands to the baseline. */
function figureTable({ rows, runs }: Comparison): Markup {
  const body = rows.map(({ label, unit, baseline, runs: cells }): Cell[] => [
    label,
    UNIT_TEXTS[unit](baseline),
    ...cells.map((cell) => figureCell(cell, unit)),
  ]);
  const names = runs.map(({ name }, index) => (index === 0 ? `${name} (baseline)` : name));
  return table('Figures against the baseline', ['', ...names], body, 'compared');
}

const TONES = { better: 'mark-good', worse: 'mark-bad', 'within noise': '', unknown: '' } as const;

function figureCell(
  { value, difference: { value: by, low, high }, percent, verdict, reason }: ComparisonCell,
  unit: ComparisonUnit,
): Markup {
  const text = DIFFERENCE_TEXTS[unit];
  const share = percent === null ? '' : ` (${signed(percent, percentText)})`;
  const range =
    low === null || high === null
      ? null
      : html`<span class="about">${signedText(low, text)} to ${signedText(high, text)}</span>`;
  const told = by === null ? null : html`<span class="about">${signedText(by, text)}${share}</span>`;
  const judged = html`<span class="about ${TONES[verdict]}">${verdict}${reason === null ? '' : `: ${reason}`}</span>`;
  return html`${UNIT_TEXTS[unit](value)}${told}${range}${judged}`;
}

function differenceTable({ runs, differences }: Comparison): Markup {
  return table(
    'What differs',
    ['', ...runs.map(({ name }, index) => (index === 0 ? `${name} (baseline)` : name))],
    differences.map(({ what, values }) => [what, ...values]),
    'words',
  );
}

function overlays(histograms: readonly NamedHistogram[]): Markup {
  return html`<div class="charts">${[
    chart((size) => percentileCurve(histograms, size)),
    chart((size) => latencyHistogram(histograms, { ...size, scale: 'linear' })),
    chart((size) => latencyHistogram(histograms, { ...size, scale: 'log' })),
  ]}</div>`;
}

function runTable({ runs }: Comparison): Markup {
  const rows = runs.map(({ name, target, startedAt, state, trust, id }) => [
    name,
    target,
    timestamp(startedAt),
    state,
    html`<span class="mark-${TRUST_TONES[trust]}">${TRUST_WORDS[trust]}</span>`,
    id,
  ]);
  return table('The runs', ['', 'target', 'began', 'state', 'trust', 'id'], rows, 'words');
}
