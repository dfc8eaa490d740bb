import type { FieldReader } from '@meshwise/model';
import { readWhole } from './numbers.ts';

/** The largest number of Envoy's counters (UInt32Value). */
export const MAX_COUNT = 0xffff_ffff;

/** A whole number where Istio reads 0 as "not set", as it does for all counts without a wrapper type. */
export function readCount(field: FieldReader, name: string, max: number = MAX_COUNT): number | undefined {
  return readWhole(field, name, { from: 0, to: max }) || undefined;
}
