import { kindOf } from '../kinds/registry.ts';
import { asJsonSchema, type JsonSchema, memberSchema } from '../validate/json-schema.ts';

/**
 * How server-side apply sees a value: as members that are owned one by one, or as one piece. The words are those of
 * Kubernetes' OpenAPI (`x-kubernetes-list-type`, `x-kubernetes-map-type`). Without a schema, maps are granular and lists
 * are atomic, as for custom resources that say nothing else.
 */
export type Members = Map<string, { readonly value: unknown; readonly schema: JsonSchema | undefined }>;

/** The schema by which a stored object is merged; undefined for kinds that are not known. */
export function mergeSchema(object: { readonly apiVersion: string; readonly kind: string }): JsonSchema | undefined {
  const definition = kindOf(object);
  return definition === undefined ? undefined : asJsonSchema(definition.schema);
}

/** The members by path element (`f:name`, `k:{"name":"web"}`, `v:"text"`), or undefined when the value is one piece. */
export function membersOf(value: unknown, schema: JsonSchema | undefined): Members | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) {
    if (schema?.['x-kubernetes-map-type'] === 'atomic') return undefined;
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    return new Map(entries.map(([key, member]) => [`f:${key}`, { value: member, schema: memberSchema(schema, key) }]));
  }
  if (schema?.['x-kubernetes-list-type'] === 'set') {
    return new Map(value.map((item) => [`v:${JSON.stringify(item)}`, { value: item, schema: schema.items }]));
  }
  const keys = schema?.['x-kubernetes-list-map-keys'];
  if (keys === undefined) return undefined;
  const members: Members = new Map();
  for (const item of value) {
    const element = itemElement(item, keys, schema?.items);
    // Items without their keys, or two with the same ones, cannot be told apart: the list is then one piece.
    if (element === undefined || members.has(element)) return undefined;
    members.set(element, { value: item, schema: schema?.items });
  }
  return members;
}

function itemElement(item: unknown, keys: readonly string[], schema: JsonSchema | undefined): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const identity: Record<string, unknown> = {};
  // Kubernetes writes the keys of an element in alphabetical order.
  for (const key of [...keys].sort()) {
    const value = (item as Record<string, unknown>)[key] ?? schema?.properties?.[key]?.default;
    if (value !== undefined && value !== null) identity[key] = value;
  }
  return Object.keys(identity).length === 0 ? undefined : `k:${JSON.stringify(identity)}`;
}

/** Puts members together again in the order of the map: an object, or the list whose items they are. */
export function fromMembers(members: ReadonlyMap<string, unknown>, isList: boolean): unknown {
  if (isList) return [...members.values()];
  return Object.fromEntries([...members].map(([element, value]) => [element.slice(2), value]));
}
