import type { OverheadReport } from '../record/experiment-record.ts';
import type { OverheadFigure } from '../statistics/overhead-figures.ts';
import { differencePlot } from './difference-plot.ts';
import type { ChartScene, ChartSize } from './scene.ts';
import { bytesText, latencyText, millisecondsText, rateText } from './units.ts';
import { ADDED_WORDS } from './variant-words.ts';

export interface FigureWords {
  readonly figure: OverheadFigure;
  readonly label: string;
  readonly text: (value: number) => string;
  /** For differences, without their sign. */
  readonly added: (value: number) => string;
}

/** The figures of an experiment with their names and units, in the order in which people ask for them. */
export const FIGURE_WORDS: readonly FigureWords[] = [
  { figure: 'responseP50Ms', label: 'Response time, p50', text: latencyText, added: millisecondsText },
  { figure: 'responseP90Ms', label: 'Response time, p90', text: latencyText, added: millisecondsText },
  { figure: 'responseP99Ms', label: 'Response time, p99', text: latencyText, added: millisecondsText },
  { figure: 'achievedRps', label: 'Achieved', text: rateText, added: rateText },
  {
    figure: 'sidecarCpuMsPer1000Requests',
    label: 'CPU of sidecars, per 1,000 requests',
    text: millisecondsText,
    added: millisecondsText,
  },
  {
    figure: 'applicationCpuMsPer1000Requests',
    label: 'CPU of applications, per 1,000 requests',
    text: millisecondsText,
    added: millisecondsText,
  },
  { figure: 'sidecarMemoryBytes', label: 'Memory of sidecars', text: bytesText, added: bytesText },
];

/** What sidecars add to one figure: a row for each pair of ways. */
export function overheadPlot(report: OverheadReport, words: FigureWords, size: ChartSize): ChartScene {
  return differencePlot(
    report.added.map((added) => ({
      label: ADDED_WORDS[`${added.from}-${added.to}`] ?? '',
      difference: added[words.figure],
    })),
    { ...size, name: `added-${words.figure}`, title: `Added: ${words.label}`, text: words.added },
  );
}
