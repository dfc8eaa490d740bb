/** Rows drawn at first, and added by each "show more": as many as a key stroke in the filter can redraw without being felt. */
export const ROWS_STEP = 150;

/** How many rows to draw. The open row is always among them, wherever a link leads. */
export function rowsToDraw(total: number, limit: number, openIndex: number): number {
  return Math.min(total, Math.max(limit, openIndex + 1));
}
