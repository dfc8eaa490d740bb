export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

/** `-errors` → errors, descending. Undefined for nothing or for a column the table does not have. */
export function parseSort(text: string | undefined, columns: readonly string[]): SortKey | undefined {
  if (text === undefined) return undefined;
  const descending = text.startsWith('-');
  const column = descending ? text.slice(1) : text;
  return columns.includes(column) ? { column, descending } : undefined;
}

export function sortText(key: SortKey): string {
  return `${key.descending ? '-' : ''}${key.column}`;
}

/** Numbers show their largest first, words their A first; the second press turns it round, the third goes back to worst first. */
export function nextSort(current: SortKey | undefined, column: string, numeric: boolean): SortKey | undefined {
  if (current?.column !== column) return { column, descending: numeric };
  return current.descending === numeric ? { column, descending: !numeric } : undefined;
}

export type SortValue = string | number;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** `reviews-v2` before `reviews-v10`. */
export function compareValues(a: SortValue, b: SortValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}
