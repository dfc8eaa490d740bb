import { type FieldReader, readRegularExpression, type StringMatch } from '@meshwise/model';

/**
 * Istio's StringMatch: exactly one of exact, prefix, regex. `undefined` when it says nothing, 'refused' when it has
 * something else or nothing readable: the condition is then unknown and must not be taken for one that always holds.
 */
export function readStringMatch(field: FieldReader): StringMatch | undefined | 'refused' {
  const exact = field.string('exact');
  const prefix = field.string('prefix');
  const regex = readRegularExpression(field, 'regex');
  const isUnreadable =
    ['exact', 'prefix', 'regex'].some((name) => field.has(name)) && (exact ?? prefix ?? regex) === undefined;
  if (field.rest() || isUnreadable) return 'refused';
  if (exact !== undefined) return { exact };
  if (prefix !== undefined) return { prefix };
  return regex === undefined ? undefined : { regex };
}

/** The same where presence is meant by no condition, by an empty prefix, or by Istio's `*`, which is no expression. */
export function readValueMatch(field: FieldReader): StringMatch | 'refused' {
  if (field.string('regex') === '*' && !field.has('exact') && !field.has('prefix')) return { present: true };
  const match = readStringMatch(field);
  if (match === undefined || (match !== 'refused' && 'prefix' in match && match.prefix === ''))
    return { present: true };
  return match;
}
