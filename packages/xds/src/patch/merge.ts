import { create, type DescField, type DescMessage, isMessage, type Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { type Any, AnySchema, anyPack, anyUnpack } from '@bufbuild/protobuf/wkt';
import { registry } from '../../gen/registry.js';

export interface MergeOptions {
  /** Lists of the source take the place of those that are there; otherwise they are appended. */
  readonly replacesLists?: boolean;
}

/**
 * A copy of `target` with everything that `source` sets (Istio, EnvoyFilter MERGE: protobuf merge semantics): single
 * fields are overwritten, messages merged, lists appended, maps overwritten key by key. Neither argument is changed.
 *
 * Where plain protobuf would surprise: durations and wrapped scalars are values and replaced as a whole (half of a
 * duration is no duration, and `false` is meant), and configuration inside an `Any` of the same type is merged.
 */
export function merged<T extends Message>(
  desc: DescMessage,
  target: T,
  source: Message,
  options: MergeOptions = {},
): T {
  const { $unknown: _, ...fields } = target;
  const copy = create(desc, fields) as unknown as Fields;
  const from = reflect(desc, source);
  for (const field of desc.fields) {
    if (from.isSet(field)) put(copy, field, combined(field, fieldOf(target, field), fieldOf(source, field), options));
  }
  return copy as unknown as T;
}

type Fields = Record<string, unknown>;

/** Types whose messages are one value. */
const VALUES = /^google\.protobuf\.(Duration|Timestamp|(Bool|String|Bytes|Float|Double|U?Int32|U?Int64)Value)$/;

function combined(field: DescField, target: unknown, source: unknown, options: MergeOptions): unknown {
  if (field.fieldKind === 'list') {
    return options.replacesLists === true ? [...list(source)] : [...list(target), ...list(source)];
  }
  if (field.fieldKind === 'map') return { ...(target as object), ...(source as object) };
  if (field.fieldKind !== 'message' || target === undefined || VALUES.test(field.message.typeName)) return source;
  if (isMessage(source, AnySchema) && isMessage(target, AnySchema)) return mergedAny(target, source, options) ?? source;
  if (isMessage(source) && isMessage(target)) return merged(field.message, target, source, options);
  // A Struct is a plain object here.
  return { ...(target as object), ...(source as object) };
}

/** Undefined when they are of different types, or of one that we do not know. */
export function mergedAny(target: Any, source: Any, options: MergeOptions = {}): Any | undefined {
  if (target.typeUrl !== source.typeUrl) return undefined;
  const into = unpack(target);
  const from = unpack(source);
  const desc = into === undefined ? undefined : registry.getMessage(into.$typeName);
  if (into === undefined || from === undefined || desc === undefined) return undefined;
  return anyPack(desc, merged(desc, into, from, options));
}

function unpack(any: Any): Message | undefined {
  try {
    return anyUnpack(any, registry);
  } catch {
    return undefined;
  }
}

function fieldOf(message: Message, field: DescField): unknown {
  const fields = message as unknown as Fields;
  if (field.oneof === undefined) return fields[field.localName];
  const chosen = fields[field.oneof.localName] as { readonly case?: string; readonly value?: unknown };
  return chosen.case === field.localName ? chosen.value : undefined;
}

function put(message: Fields, field: DescField, value: unknown): void {
  if (field.oneof === undefined) message[field.localName] = value;
  else message[field.oneof.localName] = { case: field.localName, value };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
