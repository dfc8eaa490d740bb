import { differenceText } from '../charts/difference-plot.ts';
import { FIGURE_WORDS, overheadPlot } from '../charts/overhead-plots.ts';
import { percentileCurve } from '../charts/percentile-curve.ts';
import type { NamedHistogram } from '../charts/run-data.ts';
import { millisecondsText, numberText, timeText } from '../charts/units.ts';
import { ADDED_WORDS, VARIANT_TITLES } from '../charts/variant-words.ts';
import type { Difference, ExperimentRecord, OverheadReport } from '../record/experiment-record.ts';
import { type Cell, chart, lineOf, list, reportDocument, section, table } from './document.ts';
import { differenceCell, estimateCell } from './figure-cells.ts';
import { html, type Markup } from './markup.ts';
import { aboutTarget, environmentSection, reproduceSection } from './parts.ts';

export interface ExperimentData {
  readonly experiment: ExperimentRecord;
  /** R of all blocks of each way together; drawn when given. */
  readonly histograms?: readonly NamedHistogram[];
}

export function experimentReport({ experiment, histograms = [] }: ExperimentData): string {
  const { report, environment } = experiment;
  const design = `${experiment.rounds} rounds of ${experiment.variants.length} blocks of ${timeText(experiment.blockMs)}, in random order`;
  return reportDocument({
    kind: 'With and without sidecars',
    title: experiment.name,
    subtitle: `${aboutTarget(experiment)}; ${design}`,
    footer: `Meshwise ${environment.meshwise}, experiment ${experiment.id}, seed ${experiment.seed}.`,
    content: [
      verdict(experiment),
      ...(report === null ? [] : measured(report, histograms)),
      section('What was asked for', list(experiment.words)),
      reproduceSection(experiment.command),
      environmentSection(environment),
    ],
  });
}

function verdict({ report, state, note }: ExperimentRecord): Markup {
  if (report === null) return lineOf('bad', 'Nothing measured', note ?? 'There are no figures.');
  const whole = report.added.find(({ from, to }) => from === 'none' && to === 'both') ?? report.added[0];
  if (whole === undefined) return lineOf('doubt', 'No comparison', note ?? 'Only one way was measured.');
  const added = (difference: Difference) => differenceText(difference, millisecondsText);
  const way = VARIANT_TITLES[whole.to].toLowerCase();
  const text = `by ${way} over ${whole.from === 'none' ? 'none' : 'the server’s'}: p50 ${added(whole.responseP50Ms)}, p90 ${added(whole.responseP90Ms)}, p99 ${added(whole.responseP99Ms)}.`;
  const early = state === 'finished' ? '' : ` It did not end as planned (${state}).`;
  return lineOf(state === 'finished' ? 'plain' : 'doubt', 'Added', `${text}${early}${note === null ? '' : ` ${note}`}`);
}

function measured(report: OverheadReport, histograms: readonly NamedHistogram[]): Markup[] {
  const known = FIGURE_WORDS.filter(({ figure }) => report.added.some((added) => added[figure].value !== null));
  const curve = histograms.length === 0 ? [] : [chart((size) => percentileCurve(histograms, size))];
  const plots = known.map((words) => chart((size) => overheadPlot(report, words, size)));
  return [
    section(
      'What it adds',
      addedTable(report),
      html`<p class="small">With 95 % intervals. “Within noise”: the interval includes no difference at all.</p>`,
    ),
    section('What was published, and what was measured here', referenceTable(report)),
    ...(report.notes.length === 0 ? [] : [section('To be known', list(report.notes))]),
    section('Differences', html`<div class="charts">${[...curve, ...plots]}</div>`),
    section('Each way by itself', variantTable(report)),
  ];
}

function addedTable({ added }: OverheadReport): Markup {
  const rows = FIGURE_WORDS.map((words): Cell[] => [
    words.label,
    ...added.map((one) => differenceCell(one[words.figure], words.added)),
  ]);
  return table('What sidecars add', ['', ...added.map(({ from, to }) => ADDED_WORDS[`${from}-${to}`] ?? '')], rows);
}

function variantTable({ variants }: OverheadReport): Markup {
  const rows: Cell[][] = [
    ...FIGURE_WORDS.map((words): Cell[] => [
      words.label,
      ...variants.map((one) => estimateCell(one[words.figure], words.text)),
    ]),
    ['Blocks', ...variants.map(({ blocks }) => numberText(blocks))],
    ['Requests', ...variants.map(({ requests }) => numberText(requests))],
    ['Failed', ...variants.map(({ failed }) => numberText(failed))],
  ];
  return table('Figures of each way', ['', ...variants.map(({ variant }) => VARIANT_TITLES[variant])], rows);
}

function referenceTable({ references }: OverheadReport): Markup {
  return table(
    'Published and measured',
    ['', 'published', 'measured here'],
    references.map(({ title, published, measured: here, missionId }) => [
      html`${title}<span class="about">${missionId}</span>`,
      published,
      here,
    ]),
    'words',
  );
}
