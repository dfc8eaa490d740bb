import { type Estimate, isWithinNoise } from '../stats/bootstrap.ts';
import { median } from '../stats/percentile.ts';
import type { Table } from './result.ts';

/** As many digits as say something: three, and never an exponent. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** `median (least–most)`. */
export function spread(values: readonly number[]): string {
  if (values.length === 0) return '–';
  return `${number(median(values))} (${number(Math.min(...values))}–${number(Math.max(...values))})`;
}

export function interval(estimate: Estimate): string {
  return `${number(estimate.value)} [${number(estimate.low)}, ${number(estimate.high)}]`;
}

/** A ratio with its interval, and the warning that goes with one that may be 1. */
export function ratio(estimate: Estimate): string {
  return isWithinNoise(estimate) ? `${interval(estimate)} within noise` : interval(estimate);
}

/** A difference in milliseconds, and the warning that goes with one that may be nothing. */
export function difference(estimate: Estimate): string {
  const text = `${estimate.value < 0 ? '−' : '+'} ${interval({ ...estimate, value: Math.abs(estimate.value) })} ms`;
  return estimate.low > 0 || estimate.high < 0 ? text : `${text} within noise`;
}

export function megabytes(bytes: number): string {
  return number(bytes / 1e6);
}

/** Markdown whose columns also line up in a terminal. */
export function markdown(table: Table): string {
  const widths = table.columns.map((column, index) =>
    Math.max(3, column.length, ...table.rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [`**${table.title}**`, '', line(table.columns), rule, ...table.rows.map(line)].join('\n');
}
