import type { FieldReader, MirrorDestination } from '@meshwise/model';
import { readBackend } from './backends.ts';
import { readWhole } from './numbers.ts';

const MOST = 0x7fff_ffff;

/** An HTTPRequestMirrorFilter: of every request a copy, unless a share is named. */
export function readMirror(field: FieldReader, namespace: string): readonly MirrorDestination[] {
  const backendField = field.object('backendRef');
  const target = backendField === undefined ? undefined : readBackend(backendField, namespace);
  backendField?.rest();
  const percent = readShare(field);
  field.rest();
  if (backendField === undefined) field.invalid('backendRef', 'is missing');
  return target === undefined || percent === undefined || percent === 0 ? [] : [{ ...target, percent }];
}

/** As per cent; undefined, and reported, when it is none. */
function readShare(field: FieldReader): number | undefined {
  const fraction = field.object('fraction');
  const percent = field.has('percent') ? readWhole(field, 'percent', { from: 0, to: 100 }) : undefined;
  if (fraction === undefined) return field.has('percent') ? percent : 100;
  if (field.has('percent')) field.invalid('percent', 'excludes fraction');
  const denominator = fraction.has('denominator') ? readWhole(fraction, 'denominator', { from: 1, to: MOST }) : 100;
  const numerator = readWhole(fraction, 'numerator', { from: 0, to: denominator ?? MOST });
  if (!fraction.has('numerator')) fraction.invalid('numerator', 'is missing');
  fraction.rest();
  return numerator === undefined || denominator === undefined ? undefined : (100 * numerator) / denominator;
}
