import type { FieldReader } from '@meshwise/model';

/** The largest number of a proxy's counters. */
const MAX_COUNT = 0xffff_ffff;

/** A whole number that a proxy can count to; undefined, and reported, when it is something else. */
export function readCount(field: FieldReader, name: string, from = 0, to = MAX_COUNT): number | undefined {
  const value = field.number(name);
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return value;
  field.invalid(name, `is no whole number from ${from} to ${to}`);
  return undefined;
}
