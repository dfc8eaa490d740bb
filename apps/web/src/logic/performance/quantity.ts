import { parseDuration } from '@meshwise/load';

/** What stands in a field: a value, nothing, or something that is none, with the reason. */
export type Reading<T> = { readonly value: T | undefined } | { readonly problem: string };

export function readDuration(text: string, atLeastMs = 0): Reading<number> {
  const trimmed = text.trim();
  if (trimmed === '') return { value: undefined };
  let ms: number;
  try {
    ms = parseDuration(trimmed, 'duration');
  } catch {
    return { problem: 'A time with its unit: 30s, 250ms, 1m30s' };
  }
  return ms >= atLeastMs ? { value: ms } : { problem: `At least ${atLeastMs} ms` };
}

export interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
}

export function readNumber(text: string, limits: NumberLimits = {}): Reading<number> {
  // Thousands are written with commas or spaces as often as without.
  const plain = text.replaceAll(/[,\s_]/g, '').replace(/%$/, '');
  if (plain === '') return { value: undefined };
  const value = Number(plain);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, whole = false } = limits;
  if (!Number.isFinite(value)) return { problem: 'Not a number' };
  if (whole && !Number.isInteger(value)) return { problem: 'A whole number' };
  if (value < min) return { problem: `At least ${min}` };
  if (value > max) return { problem: `At most ${max.toLocaleString('en')}` };
  return { value };
}
