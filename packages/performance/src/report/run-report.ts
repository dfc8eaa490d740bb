import type { Distribution, LoadSummary } from '@meshwise/load';
import { errorsByKind } from '../charts/errors-by-kind.ts';
import { latencyHistogram } from '../charts/latency-histogram.ts';
import { percentileCurve } from '../charts/percentile-curve.ts';
import type { RunData } from '../charts/run-data.ts';
import { RUN_SERIES, type RunSeries, runSeries } from '../charts/run-series.ts';
import { bytesText, latencyText, numberText, percentText, rateText } from '../charts/units.ts';
import { shareAtMost } from '../statistics/binomial.ts';
import { chart, facts, lineOf, list, reportDocument, section, table } from './document.ts';
import { html, type Markup } from './markup.ts';
import { aboutTarget, environmentSection, reproduceSection, useSection } from './parts.ts';
import { runVerdict } from './run-verdict.ts';
import { TRUST_TONES, TRUST_WORDS } from './trust-words.ts';

export function runReport(run: RunData): string {
  const { record } = run;
  const { tone, word, text } = runVerdict(record);
  return reportDocument({
    kind: 'Load test',
    title: record.name,
    subtitle: aboutTarget(record),
    footer: `Meshwise ${record.environment.meshwise}, run ${record.id}.`,
    content: [
      lineOf(tone, word, text),
      ...(record.summary === null ? [] : measured(run, record.summary)),
      section('What was asked for', list(record.words)),
      reproduceSection(record.command),
      ...useSection(record.use),
      environmentSection(record.environment),
    ],
  });
}

function measured({ histograms, seconds }: RunData, summary: LoadSummary): Markup[] {
  const { trust } = summary;
  const response = [{ label: 'Response time', histogram: histograms.response }];
  const both = [...response, { label: 'Service time', histogram: histograms.service }];
  return [
    lineOf(TRUST_TONES[trust.verdict], TRUST_WORDS[trust.verdict], trust.reason),
    section('Figures', bigFigures(summary), latencyTable(summary)),
    section(
      'Latency',
      html`<div class="charts">${[
        chart((size) => percentileCurve(both, size)),
        chart((size) => latencyHistogram(response, { ...size, scale: 'linear' })),
        chart((size) => latencyHistogram(response, { ...size, scale: 'log' })),
        chart((size) => errorsByKind(summary, size)),
      ]}</div>`,
    ),
    section(
      'Second by second',
      html`<div class="charts">${(Object.keys(RUN_SERIES) as RunSeries[]).map((which) =>
        chart((size) => runSeries(which, seconds, size)),
      )}</div>`,
    ),
    section('Whether to believe it', checks(summary)),
  ];
}

function bigFigures(summary: LoadSummary): Markup {
  const { completed, failed, dropped, requestedRps, achievedRps, bytesReceived, connectionsOpened } = summary;
  const all = completed + failed + dropped;
  const lost = failed + dropped;
  // None seen is not none possible: what a share can be at most is said for the rare.
  const atMost = lost < 10 && all > 0 ? `, at most ${percentText(100 * shareAtMost(lost, all))}` : '';
  return facts(
    [
      ['Achieved', rateText(achievedRps)],
      ['Asked for', requestedRps === null ? 'no limit' : rateText(requestedRps)],
      ['Good answers', numberText(completed)],
      [`Failed or dropped${atMost}`, percentText(all === 0 ? null : (100 * lost) / all)],
      ['Received', bytesText(bytesReceived)],
      ['Connections opened', numberText(connectionsOpened)],
    ],
    'big',
  );
}

const LATENCIES: readonly (readonly [
  keyof LoadSummary & ('response' | 'service' | 'lag' | 'errorResponse'),
  string,
  string,
])[] = [
  [
    'response',
    'Response time R',
    'From when a request was due to the end of its answer: what a user waits, queueing included.',
  ],
  [
    'service',
    'Service time S',
    'From when it was sent: what the server took. It hides waiting that the server caused.',
  ],
  ['lag', 'Schedule lag L', 'From when it was due to when it was sent: waiting for a connection, or a slow generator.'],
  ['errorResponse', 'Failed requests', 'R of those that failed; they are not in the other figures.'],
];

function latencyTable(summary: LoadSummary): Markup {
  const cells = ({ meanMs, p50Ms, p90Ms, p99Ms, p999Ms, maxMs }: Distribution) =>
    [meanMs, p50Ms, p90Ms, p99Ms, p999Ms, maxMs].map(latencyText);
  const shown = LATENCIES.filter(([key]) => key !== 'errorResponse' || summary.failed > 0);
  const rows = shown.map(([key, name]) => [name, ...cells(summary[key])]);
  const headings = ['', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'];
  return html`${table('Latencies', headings, rows)}${facts(
    shown.map(([, name, about]) => [name, about]),
    'facts small',
  )}`;
}

function checks({ trust }: LoadSummary): Markup {
  return html`<ul class="checks">${trust.checks.map(
    ({ check, verdict, text }) =>
      html`<li><span class="mark-${TRUST_TONES[verdict]}">${verdict === 'trust' ? 'good' : verdict === 'doubt' ? 'doubtful' : 'bad'}</span><span>${check}: ${text}</span></li>`,
  )}</ul>`;
}
