import type { FieldPath } from '../field-path.ts';
import { shown } from '../problem.ts';
import type { Finding } from './finding.ts';

/** What rules that look at several fields have in common. Shapes are the schema's to check: what is no object is passed over. */
export type Report = (finding: Finding) => void;
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is an object, otherwise none of its fields. */
export function fieldsAt(owner: Fields, name: string): Fields {
  const value = owner[name];
  return isFields(value) ? value : {};
}

/** The items of a list that are objects, each with its place in the resource. */
export function itemsAt(owner: Fields, name: string, path: FieldPath): readonly (readonly [Fields, FieldPath])[] {
  const list = owner[name];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, index) => (isFields(item) ? [[item, [...path, name, index]] as const] : []));
}

export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

export function ruleError(path: FieldPath, message: string, found: unknown, expected: string): Finding {
  return { code: 'MW1004', severity: 'error', message, path, found: shown(found ?? undefined), expected };
}

/** Reports each item that has what an earlier one has, as `keyOf` says it; undefined: nothing to compare. */
export function checkUnique(
  items: readonly (readonly [Fields, FieldPath])[],
  keyOf: (item: Fields) => string | undefined,
  message: string,
  report: Report,
): void {
  const seen = new Set<string>();
  for (const [item, path] of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    if (seen.has(key)) report({ code: 'MW1004', severity: 'error', message, path, found: key });
    seen.add(key);
  }
}
