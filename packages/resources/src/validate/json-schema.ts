import type { TSchema } from 'typebox';

/** The part of JSON Schema, with Kubernetes' extensions, in which kinds are described (`kinds/schema.ts`). */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  /** How TypeBox writes a map: one pattern for all keys. */
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-meshwise-quantity'?: boolean;
  readonly 'x-meshwise-keys'?: string;
  readonly 'x-meshwise-at-most-one'?: readonly string[];
  readonly 'x-meshwise-exactly-one'?: readonly string[];
}

/** The schema of a member: a declared property, or the value type of a map. */
export function memberSchema(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  if (schema?.properties !== undefined) {
    return Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  }
  return mapValueSchema(schema);
}

export function mapValueSchema(schema: JsonSchema | undefined): JsonSchema | undefined {
  if (schema?.patternProperties === undefined) return undefined;
  return Object.values(schema.patternProperties)[0];
}

/** True when nothing is said about the value: it is kept as it is. */
export function isUnchecked(schema: JsonSchema): boolean {
  return schema.type === undefined && schema.enum === undefined && !isScalarUnion(schema);
}

export function isScalarUnion(schema: JsonSchema): boolean {
  return schema['x-kubernetes-int-or-string'] === true || schema['x-meshwise-quantity'] === true;
}

/** TypeBox schemas are JSON Schema at run time; their TypeScript types just say more than that. */
export function asJsonSchema(schema: TSchema): JsonSchema {
  return schema as JsonSchema;
}
