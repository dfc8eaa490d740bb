import { type DescMessage, type MessageShape, toJson } from '@bufbuild/protobuf';
import { registry } from '../../../gen/registry.js';
import { rulesOf } from '../../types.ts';
import type { EnvoyResource } from '../resource.ts';

/** A printed resource as its configuration reads in Envoy's documentation, with everything unpacked. */
export function jsonOf(resource: EnvoyResource): Record<string, unknown> {
  return messageJson(rulesOf(resource.type).schema, resource.message);
}

export function messageJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<NoInfer<Desc>>,
): Record<string, unknown> {
  return toJson(schema, message, { registry, useProtoFieldName: true }) as Record<string, unknown>;
}

/** Every value of a field, however deep. */
export function valuesOf(json: unknown, field: string): unknown[] {
  if (Array.isArray(json)) return json.flatMap((item) => valuesOf(item, field));
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) =>
    key === field ? [value, ...valuesOf(value, field)] : valuesOf(value, field),
  );
}
