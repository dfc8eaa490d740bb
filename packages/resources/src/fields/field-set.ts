import type { JsonObject } from '../resource.ts';
import type { JsonSchema } from '../validate/json-schema.ts';
import { membersOf } from './structure.ts';

/**
 * A set of fields as a tree, which is what `managedFields[].fieldsV1` holds: each child is a path element, `owned` says
 * that the field itself belongs to the set and not only fields in it.
 */
export interface FieldSet {
  readonly owned: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const EMPTY: FieldSet = { owned: false, children: new Map() };
const LEAF: FieldSet = { owned: true, children: new Map() };

export function isEmpty(set: FieldSet): boolean {
  return !set.owned && set.children.size === 0;
}

/** All fields of a value: its leaves, list items that have a key, and empty maps and lists. */
export function fieldsOf(value: unknown, schema: JsonSchema | undefined): FieldSet {
  const members = membersOf(value, schema);
  if (members === undefined || members.size === 0) return LEAF;
  const children = new Map<string, FieldSet>();
  for (const [element, member] of members) {
    const set = fieldsOf(member.value, member.schema);
    children.set(element, element.startsWith('k:') ? { ...set, owned: true } : set);
  }
  return { owned: false, children };
}

/** Combines two trees node by node, leaving out what becomes empty. */
function combine(a: FieldSet, b: FieldSet, owned: (a: boolean, b: boolean) => boolean): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const element of new Set([...a.children.keys(), ...b.children.keys()])) {
    const child = combine(a.children.get(element) ?? EMPTY, b.children.get(element) ?? EMPTY, owned);
    if (!isEmpty(child)) children.set(element, child);
  }
  return { owned: owned(a.owned, b.owned), children };
}

export const union = (a: FieldSet, b: FieldSet) => combine(a, b, (x, y) => x || y);
export const difference = (a: FieldSet, b: FieldSet) => combine(a, b, (x, y) => x && !y);
export const intersection = (a: FieldSet, b: FieldSet) => combine(a, b, (x, y) => x && y);

/** Takes away fields and everything below them: a changed list that is one piece takes its items along. */
export function without(set: FieldSet, removed: FieldSet): FieldSet {
  if (removed.owned) return EMPTY;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const rest = without(child, removed.children.get(element) ?? EMPTY);
    if (!isEmpty(rest)) children.set(element, rest);
  }
  return { owned: set.owned, children };
}

/** The leaves as Kubernetes' messages write them: `.spec.ports[port=80,protocol="TCP"].name`. */
export function fieldNames(set: FieldSet, prefix = ''): string[] {
  const below = [...set.children].flatMap(([element, child]) => fieldNames(child, prefix + elementText(element)));
  return set.owned && below.length === 0 ? [prefix] : below;
}

function elementText(element: string): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  const keys = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}

/** FieldsV1: an owned leaf is `{}`, an owned field with fields in it has the member `.`. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const result: Record<string, JsonObject> = {};
  if (set.owned && set.children.size > 0) result['.'] = {};
  for (const element of [...set.children.keys()].sort()) {
    const child = set.children.get(element);
    if (child !== undefined) result[element] = toFieldsV1(child);
  }
  return result;
}

export function fromFieldsV1(fields: JsonObject, isRoot = true): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of Object.entries(fields)) {
    if (element !== '.' && typeof child === 'object' && child !== null && !Array.isArray(child)) {
      children.set(element, fromFieldsV1(child as JsonObject, false));
    }
  }
  return { owned: Object.hasOwn(fields, '.') || (children.size === 0 && !isRoot), children };
}
