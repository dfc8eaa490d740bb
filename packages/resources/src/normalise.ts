import { kindOf } from './kinds/registry.ts';
import type { Resource } from './resource.ts';
import { asJsonSchema, isUnchecked, type JsonSchema, memberSchema } from './validate/json-schema.ts';

/**
 * The resource without members that are `null`, which Kubernetes reads as not set (`labels:` with nothing after it).
 * Readers can then rely on the types. Parts without a schema are left alone: there `null` may mean something.
 */
export function normalise(resource: Resource): Resource {
  const definition = kindOf(resource);
  const whole =
    definition === undefined ? resource : (withoutNulls(resource, asJsonSchema(definition.schema)) as Resource);
  const metadata = Object.fromEntries(Object.entries(whole.metadata).filter(([, value]) => value !== null));
  // With `generateName` alone, the store gives the name at creation.
  return { ...whole, metadata: { ...metadata, name: whole.metadata.name ?? '' } };
}

function withoutNulls(value: unknown, schema: JsonSchema | undefined): unknown {
  if (typeof value !== 'object' || value === null || schema === undefined || isUnchecked(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, schema.items));
  const entries = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(entries.map(([name, member]) => [name, withoutNulls(member, memberSchema(schema, name))]));
}
