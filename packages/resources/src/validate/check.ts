import type { FieldPath } from '../field-path.ts';
import type { FormatName } from '../kinds/schema.ts';
import { shown } from '../problem.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Finding } from './finding.ts';
import { FORMATS } from './formats.ts';
import { isUnchecked, type JsonSchema, mapValueSchema } from './json-schema.ts';
import { checkScalar } from './scalar.ts';

/**
 * Compares a value with a schema. TypeBox's own checker says that a union does not match; this one says which field of
 * which alternative is wrong and what would be right, and tells unknown fields (a warning: they may come from a newer
 * version, and Kubernetes drops them) from wrong ones. `null` counts as not set, as it does for Kubernetes.
 */
export function checkValue(
  schema: JsonSchema,
  value: unknown,
  path: FieldPath,
  report: (finding: Finding) => void,
): void {
  if (value === null || value === undefined || isUnchecked(schema)) return;
  if (schema.type === 'object') checkObject(schema, value, path, report);
  else if (schema.type === 'array') checkList(schema, value, path, report);
  else checkScalar(schema, value, path, report);
}

function checkObject(schema: JsonSchema, value: unknown, path: FieldPath, report: (finding: Finding) => void): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(wrong(path, value, 'an object'));
    return;
  }
  const members = value as Readonly<Record<string, unknown>>;
  if (schema.properties === undefined) {
    checkMap(schema, members, path, report);
    return;
  }
  for (const name of schema.required ?? []) {
    if (members[name] === null || members[name] === undefined || !Object.hasOwn(members, name)) {
      report(missing([...path, name], schema.properties[name]));
    }
  }
  for (const [name, member] of Object.entries(members)) {
    const memberSchema = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (memberSchema === undefined) report(unknownField([...path, name], name, Object.keys(schema.properties)));
    else checkValue(memberSchema, member, [...path, name], report);
  }
  checkAlternatives(schema, members, path, report);
}

function checkMap(
  schema: JsonSchema,
  members: Readonly<Record<string, unknown>>,
  path: FieldPath,
  report: (finding: Finding) => void,
): void {
  const keyFormat = schema['x-meshwise-keys'];
  const format = keyFormat === undefined ? undefined : FORMATS[keyFormat as FormatName];
  const valueSchema = mapValueSchema(schema) ?? {};
  for (const [key, member] of Object.entries(members)) {
    if (format !== undefined && !format.test(key)) {
      report({ ...wrong([...path, key], key, format.expected), message: 'The key is not valid' });
    }
    // A map of strings with a null value is an error in a file, but Kubernetes reads it as the empty string.
    checkValue(valueSchema, member, [...path, key], report);
  }
}

function checkList(schema: JsonSchema, value: unknown, path: FieldPath, report: (finding: Finding) => void): void {
  if (!Array.isArray(value)) {
    report(wrong(path, value, 'a list'));
    return;
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    report(wrong(path, value, `at least ${schema.minItems} item${schema.minItems === 1 ? '' : 's'}`));
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    report(wrong(path, value, `at most ${schema.maxItems} items`));
  }
  const keys = schema['x-kubernetes-list-map-keys'];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const itemPath = [...path, index];
    if (item === null) report(wrong(itemPath, item, 'an item, not null'));
    else if (schema.items !== undefined) checkValue(schema.items, item, itemPath, report);
    if (keys === undefined || item === null || typeof item !== 'object') continue;
    const identity = keys.map(
      (key) => (item as Record<string, unknown>)[key] ?? schema.items?.properties?.[key]?.default,
    );
    if (identity.every((part) => part === undefined)) continue;
    const text = JSON.stringify(identity);
    if (seen.has(text)) {
      const names = keys.map((key, at) => `${key} ${shown(identity[at])}`).join(', ');
      report({
        code: 'MW1004',
        severity: 'error',
        message: `Another item has the same ${keys.join(' and ')}`,
        path: itemPath,
        found: names,
      });
    }
    seen.add(text);
  }
}

function checkAlternatives(
  schema: JsonSchema,
  members: Readonly<Record<string, unknown>>,
  path: FieldPath,
  report: (finding: Finding) => void,
): void {
  const fields = schema['x-meshwise-exactly-one'] ?? schema['x-meshwise-at-most-one'];
  if (fields === undefined) return;
  const set = fields.filter((name) => members[name] !== undefined && members[name] !== null);
  if (set.length > 1) {
    report({
      code: 'MW1004',
      severity: 'error',
      message: 'These fields exclude each other',
      path: [...path, set[1] ?? ''],
      found: set.join(' and '),
      expected: `one of ${fields.join(', ')}`,
    });
  } else if (set.length === 0 && schema['x-meshwise-exactly-one'] !== undefined) {
    report({
      code: 'MW1004',
      severity: 'error',
      message: 'A field is missing',
      path,
      found: 'none',
      expected: `one of ${fields.join(', ')}`,
    });
  }
}

function unknownField(path: FieldPath, name: string, known: readonly string[]): Finding {
  const meant = didYouMean(name, known);
  return {
    code: 'MW1006',
    severity: 'warning',
    message: meant === undefined ? `Unknown field "${name}"` : `Unknown field "${name}"; did you mean "${meant}"?`,
    path,
    expected: meant,
  };
}

function missing(path: FieldPath, schema: JsonSchema | undefined): Finding {
  const kind = { object: 'an object', array: 'a list', string: 'a string', integer: 'a whole number' } as const;
  const expected = kind[schema?.type as keyof typeof kind] ?? 'a value';
  return {
    code: 'MW1004',
    severity: 'error',
    message: 'A required field is missing',
    path,
    found: 'nothing',
    expected,
  };
}

function wrong(path: FieldPath, found: unknown, expected: string): Finding {
  return { code: 'MW1004', severity: 'error', message: 'The value does not fit', path, found: shown(found), expected };
}
