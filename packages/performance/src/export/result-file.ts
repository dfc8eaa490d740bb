import { errorsByKind } from '../charts/errors-by-kind.ts';
import { latencyHistogram } from '../charts/latency-histogram.ts';
import { FIGURE_WORDS, overheadPlot } from '../charts/overhead-plots.ts';
import { percentileCurve } from '../charts/percentile-curve.ts';
import type { NamedHistogram, RunData } from '../charts/run-data.ts';
import { runSeries } from '../charts/run-series.ts';
import type { ChartScene, ChartSize } from '../charts/scene.ts';
import { svgSheet } from '../charts/svg-sheet.ts';
import { VARIANT_TITLES } from '../charts/variant-words.ts';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import { runDataOf } from '../record/run-data-of.ts';
import { renderHtmlReport } from '../report/html-report.ts';
import { overheadBlock } from '../statistics/overhead-block.ts';
import { poolSparse } from '../statistics/pool-sparse.ts';
import { experimentCsv } from './experiment-csv.ts';
import { hdrLog } from './hdr-log.ts';
import { type ExperimentExport, experimentJson, type RunExport, runJson } from './json.ts';
import { runCsv } from './run-csv.ts';

/** A comparison has no histogram of its own, so no `hdr`. */
export type ExperimentFormat = 'json' | 'csv' | 'svg' | 'html';
export type RunFormat = ExperimentFormat | 'hdr';

const SHEET: ChartSize = { width: 720, heading: true };

/** A run as the text of a file: json (everything), csv (a line a second), hdr (HdrHistogram V2), svg (drawings), html (the report). */
export function exportRun({ record, intervals }: Pick<RunExport, 'record' | 'intervals'>, format: RunFormat): string {
  if (format === 'json') return runJson(record, intervals);
  const data = runDataOf(record, intervals);
  switch (format) {
    case 'csv':
      return runCsv(data.seconds);
    case 'hdr':
      return hdrLog(data);
    case 'svg':
      return svgSheet(runScenes(data));
    case 'html':
      return renderHtmlReport({ kind: 'run', ...data });
  }
}

/** The same of a comparison with and without sidecars; csv has a line for each block. */
export function exportExperiment(
  experiment: ExperimentRecord,
  blocks: ExperimentExport['blocks'],
  format: ExperimentFormat,
): string {
  switch (format) {
    case 'json':
      return experimentJson(experiment, blocks);
    case 'csv':
      return experimentCsv(
        experiment,
        blocks.flatMap(({ record, intervals }) => blockOf(experiment, record, intervals)),
      );
    case 'svg':
      return svgSheet(experimentScenes(experiment));
    case 'html':
      return renderHtmlReport({ kind: 'experiment', experiment, histograms: waysOf(experiment, blocks) });
  }
}

/** R of all blocks of each way together, as the report's percentiles are. */
function waysOf({ variants }: ExperimentRecord, blocks: ExperimentExport['blocks']): NamedHistogram[] {
  return variants.flatMap((variant) => {
    const own = blocks.filter(({ record }) => record.experiment?.variant === variant);
    if (own.length === 0) return [];
    const measured = own.flatMap(({ intervals }) => intervals.filter(({ second }) => second >= 0));
    return [{ label: VARIANT_TITLES[variant], histogram: poolSparse(measured.map(({ response }) => response)) }];
  });
}

function blockOf({ onPath }: ExperimentRecord, ...[record, intervals]: [RunExport['record'], RunExport['intervals']]) {
  const { experiment } = record;
  const path = onPath.find(({ variant }) => variant === experiment?.variant);
  if (experiment === null || path === undefined) return [];
  return [overheadBlock({ round: experiment.round, variant: experiment.variant }, record, intervals, path)];
}

function runScenes({ record, histograms, seconds }: RunData): ChartScene[] {
  const response = { label: 'Response time', histogram: histograms.response };
  const service = { label: 'Service time', histogram: histograms.service };
  return [
    latencyHistogram([response], { ...SHEET, scale: 'log' }),
    percentileCurve([response, service], SHEET),
    ...(['rate', 'latency', 'errors', 'lag', 'generator'] as const).map((which) => runSeries(which, seconds, SHEET)),
    ...(record.summary === null || record.summary.errors.length === 0 ? [] : [errorsByKind(record.summary, SHEET)]),
  ];
}

function experimentScenes({ report }: ExperimentRecord): ChartScene[] {
  if (report === null) return [];
  const known = FIGURE_WORDS.filter(({ figure }) => report.added.some((added) => added[figure].value !== null));
  return known.map((words) => overheadPlot(report, words, SHEET));
}
