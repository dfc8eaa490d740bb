import type { FieldReader } from '@meshwise/model';

/** A year: nobody waits longer, and it is well within what a proxy can count. */
const MAX_DURATION_MS = 366 * 24 * 3_600_000;

export interface Range {
  readonly from: number;
  readonly to: number;
}

export const PORTS: Range = { from: 1, to: 65_535 };
/** Statuses of answers that are no informational ones (RFC 9110, 15). */
export const STATUSES: Range = { from: 200, to: 599 };

/** A whole number within its range; undefined, and reported, when it is something else. */
export function readWhole(field: FieldReader, name: string, { from, to }: Range): number | undefined {
  const value = field.number(name);
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return value;
  field.invalid(name, `is no whole number from ${from} to ${to}`);
  return undefined;
}

/** A duration that a proxy can keep; Istio counts in whole milliseconds. */
export function readDurationMs(field: FieldReader, name: string, atLeastMs = 0): number | undefined {
  const durationMs = field.durationMs(name);
  if (durationMs === undefined || (durationMs >= atLeastMs && durationMs <= MAX_DURATION_MS)) return durationMs;
  field.invalid(name, durationMs < atLeastMs ? `is shorter than ${atLeastMs}ms` : 'is longer than a year');
  return undefined;
}

/** Istio's Percent, `{ value: 0.1 }`, as per cent; undefined when absent or, reported, when it is none. */
export function readPercent(field: FieldReader, name: string): number | undefined {
  const member = field.object(name);
  if (member === undefined) return undefined;
  const percent = member.number('value') ?? 0;
  member.rest();
  return percentOf(field, name, percent);
}

/** The older form of the same: a whole number. */
export function readWholePercent(field: FieldReader, name: string): number | undefined {
  const percent = field.number(name);
  return percent === undefined ? undefined : percentOf(field, name, percent);
}

function percentOf(field: FieldReader, name: string, percent: number): number | undefined {
  if (percent >= 0 && percent <= 100) return percent;
  field.invalid(name, 'is not between 0 and 100');
  return undefined;
}
