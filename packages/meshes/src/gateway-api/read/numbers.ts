import type { FieldReader } from '@meshwise/model';

export interface Range {
  readonly from: number;
  readonly to: number;
}

export const PORTS: Range = { from: 1, to: 65_535 };

/** A whole number within its range; undefined, and reported, when it is something else. */
export function readWhole(field: FieldReader, name: string, { from, to }: Range): number | undefined {
  const value = field.number(name);
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return value;
  field.invalid(name, `is no whole number from ${from} to ${to}`);
  return undefined;
}
