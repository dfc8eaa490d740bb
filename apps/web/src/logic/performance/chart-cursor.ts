import type { ChartTable } from '@meshwise/performance';

/** The row that is drawn nearest to a place; rows are in order of their places. */
export function nearestIndex(rowX: readonly number[], x: number): number {
  let low = 0;
  let high = rowX.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rowX[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  const before = rowX[low - 1];
  const here = rowX[low] ?? 0;
  return before !== undefined && x - before < here - x ? low - 1 : low;
}

/** `Second 12 · Response p50 3.1 ms · Response p99 12 ms`: one row with the names of its columns. */
export function rowWords(table: ChartTable, index: number): string {
  const cells = table.rows[index] ?? [];
  return cells.map((cell, column) => `${table.headings[column] ?? ''} ${cell}`.trim()).join(' · ');
}
