import { MeshwiseError } from '@meshwise/core';

/** The last row of a page. It says where the next one begins also after the row itself was deleted. */
export interface Cursor {
  readonly startedAtMs: number;
  readonly id: string;
}

export function writeCursor({ startedAtMs, id }: Cursor): string {
  return `${startedAtMs}_${id}`;
}

/** Throws MW8101 for a text that never was the `next` of a page. */
export function readCursor(text: string): Cursor {
  const [, startedAtMs, id] = /^(-?\d{1,15})_(.+)$/s.exec(text) ?? [];
  if (id === undefined) throw new MeshwiseError('MW8101', 'No page of results begins there', { found: text });
  return { startedAtMs: Number(startedAtMs), id };
}
