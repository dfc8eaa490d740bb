import { equalValues } from '../equal.ts';
import type { JsonSchema } from '../validate/json-schema.ts';
import { EMPTY, type FieldSet, fieldsOf, isEmpty } from './field-set.ts';
import { membersOf } from './structure.ts';

/** Which fields differ between two values, told apart as ownership needs it. */
export interface Comparison {
  /** Fields that are new or have another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

export function compareFields(before: unknown, after: unknown, schema: JsonSchema | undefined): Comparison {
  if (before === undefined && after === undefined) return { changed: EMPTY, removed: EMPTY };
  if (before === undefined) return { changed: fieldsOf(after, schema), removed: EMPTY };
  if (after === undefined) return { changed: EMPTY, removed: fieldsOf(before, schema) };
  const old = membersOf(before, schema);
  const now = membersOf(after, schema);
  if (old === undefined || now === undefined || Array.isArray(before) !== Array.isArray(after)) {
    return { changed: equalValues(before, after) ? EMPTY : fieldsOf(after, schema), removed: EMPTY };
  }
  const changed = new Map<string, FieldSet>();
  const removed = new Map<string, FieldSet>();
  for (const element of new Set([...old.keys(), ...now.keys()])) {
    const left = old.get(element);
    const right = now.get(element);
    const inner = compareFields(left?.value, right?.value, right?.schema ?? left?.schema);
    const isNewItem = left === undefined && element.startsWith('k:');
    const isGoneItem = right === undefined && element.startsWith('k:');
    if (!isEmpty(inner.changed)) changed.set(element, isNewItem ? { ...inner.changed, owned: true } : inner.changed);
    if (!isEmpty(inner.removed)) removed.set(element, isGoneItem ? { ...inner.removed, owned: true } : inner.removed);
  }
  return { changed: { owned: false, children: changed }, removed: { owned: false, children: removed } };
}
