import { type Static, type TProperties, type TSchema, Type } from 'typebox';

/**
 * The words in which kinds are described. Schemas are JSON Schema with Kubernetes' extensions (`x-kubernetes-…`, as in
 * its OpenAPI), so one description gives the TypeScript type, validation, defaults and the merge of server-side apply.
 */
export const opt = Type.Optional;

/** An object of which every field may be left out. */
export function allOptional<P extends TProperties>(properties: P, options: Record<string, unknown> = {}) {
  return Type.Partial(Type.Object(properties), options);
}

/** Checked beside JSON Schema's own rules by `validate/formats.ts`. */
export type FormatName =
  | 'dns-label'
  | 'dns-subdomain'
  | 'service-name'
  | 'port-name'
  | 'label-key'
  | 'label-value'
  | 'duration'
  | 'quantity'
  | 'int-or-percent'
  | 'istio-host'
  | 'gateway-hostname'
  | 'gateway-duration'
  | 'header-name'
  | 'cors-origin'
  | 'controller-name'
  | 'regex'
  | 'base64';

export const text = (format: FormatName) => Type.String({ format });

/** A list whose items are told apart by keys, which server-side apply merges item by item. */
export function listMap<T extends TSchema>(item: T, ...keys: readonly string[]) {
  return Type.Array(item, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
}

/** A list of scalars in which each value is there once; server-side apply merges it value by value. */
export function listSet<T extends TSchema>(item: T) {
  return Type.Array(item, { 'x-kubernetes-list-type': 'set' });
}

/** Replaced as a whole by server-side apply. */
export const atomic = { 'x-kubernetes-map-type': 'atomic' } as const;

/** At most one of these fields may be set (a `oneof` in protobuf, a union in Kubernetes). */
export const atMostOne = (...fields: readonly string[]) => ({ 'x-meshwise-at-most-one': fields });
/** One of these fields must be set, and no other one of them. */
export const exactlyOne = (...fields: readonly string[]) => ({ 'x-meshwise-exactly-one': fields });

export const StringMap = Type.Record(Type.String(), Type.String());
/** The part of a kind that is kept as it is and not checked. */
export const Unchecked = Type.Unknown();
export const Port = Type.Integer({ minimum: 1, maximum: 65535 });
export const Count = Type.Integer({ minimum: 0, maximum: 2147483647 });
export const IntOrString = Type.Union([Type.Integer(), Type.String()], { 'x-kubernetes-int-or-string': true });
export const IntOrPercent = Type.Union([Type.Integer(), Type.String()], {
  'x-kubernetes-int-or-string': true,
  format: 'int-or-percent',
});
export const Quantity = Type.Union([Type.Number(), Type.String()], {
  'x-meshwise-quantity': true,
  format: 'quantity',
});
export const Duration = text('duration');
export const Time = Type.String();

/** Types of schemas are read-only all the way down: resources are values, changed by making new ones. */
export type Frozen<T> = T extends (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;
export type TypeOf<S extends TSchema> = Frozen<Static<S>>;
