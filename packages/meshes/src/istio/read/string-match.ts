import type { FieldReader, StringMatch } from '@meshwise/model';

/**
 * Istio's StringMatch: exactly one of exact, prefix, regex. `undefined` when it says nothing, 'refused' when it has
 * something else or nothing readable: the condition is then unknown and must not be taken for one that always holds.
 */
export function readStringMatch(field: FieldReader): StringMatch | undefined | 'refused' {
  const exact = field.string('exact');
  const prefix = field.string('prefix');
  const regex = field.string('regex');
  const isUnreadable =
    ['exact', 'prefix', 'regex'].some((name) => field.has(name)) && (exact ?? prefix ?? regex) === undefined;
  if (field.rest() || isUnreadable) return 'refused';
  if (exact !== undefined) return { exact };
  if (prefix !== undefined) return { prefix };
  return regex === undefined ? undefined : { regex };
}
