export { CHART_STYLE } from './charts/chart-style.ts';
export { type DifferenceRow, differencePlot, differenceText } from './charts/difference-plot.ts';
export { errorsByKind } from './charts/errors-by-kind.ts';
export { type HistogramOptions, latencyHistogram } from './charts/latency-histogram.ts';
export { FIGURE_WORDS, overheadPlot } from './charts/overhead-plots.ts';
export { percentileCurve } from './charts/percentile-curve.ts';
export { renderSvg, type SvgOptions } from './charts/render-svg.ts';
export type { NamedHistogram, RunData } from './charts/run-data.ts';
export { type RunSeries, runSeries } from './charts/run-series.ts';
export type { Axis, ChartScene, ChartSize, ChartTable, Mark, SceneText, Series, Tone } from './charts/scene.ts';
export { type TimeLine, type TimeSeries, timeSeries } from './charts/time-series.ts';
export { toneOf } from './charts/tones.ts';
export {
  bytesText,
  latencyText,
  millisecondsText,
  numberText,
  percentText,
  rateText,
  signedText,
  timeText,
} from './charts/units.ts';
export { ADDED_WORDS, VARIANT_TITLES } from './charts/variant-words.ts';
export { compareRuns, type RunToCompare } from './compare/compare-runs.ts';
export {
  ComparedRun,
  Comparison,
  ComparisonCell,
  ComparisonDifference,
  ComparisonRow,
  ComparisonUnit,
  ComparisonVerdict,
} from './compare/comparison.ts';
export { experimentCsv } from './export/experiment-csv.ts';
export { type ExperimentExport, experimentJson, type RunExport, runJson } from './export/json.ts';
export { runCsv } from './export/run-csv.ts';
export { blocksOf } from './record/blocks-of.ts';
export { commandOf, type RequestedRun } from './record/command.ts';
export { requireConsent } from './record/consent.ts';
export { formatExpectation, parseExpectation } from './record/expectation-text.ts';
export {
  AddedReport,
  Difference,
  Estimate,
  ExperimentRecord,
  OverheadReport,
  Reference,
  VariantReport,
} from './record/experiment-record.ts';
export { LiveRun } from './record/live.ts';
export type { ListQuery, Page, ResultRepository } from './record/repository.ts';
export { runDataOf } from './record/run-data-of.ts';
export {
  Criterion,
  CriterionOutcome,
  PathVariant,
  RunEnvironment,
  RunRecord,
  RunState,
  RunTarget,
  UseRecord,
  UseRole,
} from './record/run-record.ts';
export { shellWord } from './record/shell-word.ts';
export { formatStages, parseStages } from './record/stages-text.ts';
export { UNIT_TEXTS } from './report/comparison-report.ts';
export { type ReportInput, renderHtmlReport } from './report/html-report.ts';
export { type RunVerdict, runVerdict } from './report/run-verdict.ts';
export { TRUST_WORDS } from './report/trust-words.ts';
export type { PreparedExperiment, PreparedRun, UseProbe, UseReading } from './run/ports.ts';
export { differenceOf, estimateOf } from './statistics/estimate.ts';
export { type OverheadOptions, overheadReport } from './statistics/overhead.ts';
export { type OnPath, type OverheadBlock, overheadBlock } from './statistics/overhead-block.ts';
export { sampleFigures } from './statistics/overhead-figures.ts';
export { poolSparse } from './statistics/pool-sparse.ts';
export { resampleUnits } from './statistics/resample.ts';
