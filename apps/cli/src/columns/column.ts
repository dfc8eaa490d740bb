import type { Cell } from '../output/table.ts';
import { age } from '../output/units.ts';
import { type Body, textAt } from './read.ts';

/** One column of `get`. NAME and NAMESPACE are not among them: every kind has those. */
export interface Column {
  readonly heading: string;
  readonly cell: (body: Body, nowMs: number) => Cell;
  /** Shown only with `-o wide`. */
  readonly wide?: true;
}

export const ageColumn: Column = {
  heading: 'AGE',
  cell: (body, nowMs) => age(textAt(body, 'metadata', 'creationTimestamp'), nowMs),
};
