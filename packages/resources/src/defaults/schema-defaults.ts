import { type JsonSchema, memberSchema } from '../validate/json-schema.ts';

/**
 * Fills in the `default` of each field whose parent is there, as structural schemas of Kubernetes do. Returns the very
 * same value where nothing was missing.
 */
export function schemaDefaults(value: unknown, schema: JsonSchema | undefined): unknown {
  if (schema === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => schemaDefaults(item, schema.items));
  const filled: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) filled[name] = schemaDefaults(member, memberSchema(schema, name));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const missing = filled[name] === undefined || filled[name] === null;
    if (missing && property.default !== undefined) filled[name] = property.default;
  }
  return filled;
}
