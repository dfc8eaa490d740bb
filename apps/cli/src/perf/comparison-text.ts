import { type Comparison, type ComparisonCell, percentText, signedText, UNIT_TEXTS } from '@meshwise/performance';
import { type Cell, clean, table } from '../output/table.ts';
import type { Paint, Tone } from '../output/tone.ts';

const TONES: Readonly<Record<ComparisonCell['verdict'], Tone>> = {
  better: 'good',
  worse: 'bad',
  'within noise': 'quiet',
  unknown: 'quiet',
};

/** Two to five results, the first as the baseline. */
export function comparisonText({ runs, rows, differences, warnings }: Comparison, paint: Paint): string {
  const names = runs.map(
    ({ id, name }, index) => `${index === 0 ? 'baseline' : `run ${index}`}: ${id}  ${clean(name)}\n`,
  );
  const several = runs.length > 2;
  const body = rows.flatMap(({ label, unit, baseline, runs: cells }) =>
    cells.map((cell, index): Cell[] => {
      const text = UNIT_TEXTS[unit];
      const { value, low, high } = cell.difference;
      const range = low === null || high === null ? '' : ` [${signedText(low, text)}, ${signedText(high, text)}]`;
      return [
        label,
        ...(several ? [`run ${index + 1}`] : []),
        text(baseline),
        text(cell.value),
        value === null ? null : `${signedText(value, text)}${range}`,
        cell.percent === null ? null : signedText(cell.percent, percentText),
        { text: cell.reason === null ? cell.verdict : `${cell.verdict}: ${cell.reason}`, tone: TONES[cell.verdict] },
      ];
    }),
  );
  const headings = ['METRIC', ...(several ? ['RUN'] : []), 'BASELINE', 'HERE', 'DIFFERENCE', 'PERCENT', 'VERDICT'];
  const told = [
    ...warnings.map((text) => `${paint('warning', 'warn')}: ${clean(text)}\n`),
    ...differences.map(({ words }) => `differs: ${clean(words)}\n`),
  ];
  return [...names, ...told, '\n', table(headings, body, paint)].join('');
}
