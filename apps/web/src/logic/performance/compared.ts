import {
  bytesText,
  type ComparisonCell,
  type ComparisonRow,
  latencyText,
  numberText,
  percentText,
} from '@meshwise/performance';
import type { Badge } from './words.ts';

const FORMATS: Readonly<Record<ComparisonRow['unit'], (value: number | null) => string>> = {
  ms: latencyText,
  rps: numberText,
  percent: percentText,
  'cpu-ms': latencyText,
  bytes: bytesText,
};

export function comparedText(row: Pick<ComparisonRow, 'unit'>, value: number | null): string {
  return FORMATS[row.unit](value);
}

/** `+0.42 ms, +17 %`; empty where there is nothing to subtract. */
export function changeText(row: Pick<ComparisonRow, 'unit'>, cell: ComparisonCell): string {
  const { difference, percent } = cell;
  if (difference.value === null) return '';
  const absolute = withSign(difference.value, (value) => comparedText(row, value));
  const share = percent === null ? undefined : withSign(percent, (value) => `${Number(value.toPrecision(2))} %`);
  return share === undefined ? absolute : `${absolute}, ${share}`;
}

function withSign(value: number, text: (size: number) => string): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${text(Math.abs(value))}`;
}

const VERDICTS: Readonly<Record<ComparisonCell['verdict'], Badge>> = {
  better: { label: 'Better', tone: 'healthy' },
  worse: { label: 'Worse', tone: 'failing' },
  'within noise': { label: 'Within noise', tone: 'idle' },
  unknown: { label: 'Unknown', tone: 'unknown' },
};

export function comparedBadge(cell: ComparisonCell): Badge {
  return VERDICTS[cell.verdict];
}
