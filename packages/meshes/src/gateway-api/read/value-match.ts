import { type FieldReader, isHeaderName, readRegularExpression, type StringMatch } from '@meshwise/model';

export type NamedMatch = { readonly name: string; readonly match: StringMatch };

/** `type` and `value` of a condition; undefined, and reported, when it is none. */
export function readValueMatch(field: FieldReader): StringMatch | undefined {
  const type = field.string('type') ?? 'Exact';
  if (type === 'RegularExpression') {
    const regex = readRegularExpression(field, 'value');
    if (regex === undefined && !field.has('value')) field.invalid('value', 'is missing');
    return regex === undefined ? undefined : { regex };
  }
  const value = field.string('value');
  if (type !== 'Exact') field.invalid('type', `${type} is not known`);
  else if (value === undefined) field.invalid('value', 'is missing');
  else return { exact: value };
  return undefined;
}

/**
 * `headers` or `queryParams` of a match; 'refused' when a condition is not known, without which the match would take
 * requests that belong elsewhere. Of several with one name the first counts.
 */
export function readNamedMatches(
  owner: FieldReader,
  member: string,
  nameOf: (written: string) => string,
): readonly NamedMatch[] | 'refused' {
  const matches = new Map<string, NamedMatch>();
  let isRefused = owner.has(member) && !Array.isArray((owner.value as Readonly<Record<string, unknown>>)[member]);
  for (const field of owner.list(member)) {
    const name = field.string('name') ?? '';
    const match = readValueMatch(field);
    const isName = isHeaderName(name);
    if (!isName) field.invalid('name', 'is no name');
    if (field.rest() || match === undefined || !isName) isRefused = true;
    else if (!matches.has(nameOf(name))) matches.set(nameOf(name), { name, match });
  }
  return isRefused ? 'refused' : [...matches.values()];
}

/** Names of headers are the same whatever their case (RFC 9110, 5.1); names of parameters are not. */
export const headerNameOf = (written: string): string => written.toLowerCase();
export const parameterNameOf = (written: string): string => written;
