import type { Random } from '../random.ts';

const FIRST_MS = 10;
const MOST_MS = 1_000;

/**
 * How long to leave a target in peace after so many connections in a row that came to nothing: twice as long each time up to a
 * second, and anything from half to one and a half of it, so that connections which failed together do not return together.
 */
export function backOffMs(failures: number, random: Random): number {
  return Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 10), MOST_MS) * (0.5 + random());
}
