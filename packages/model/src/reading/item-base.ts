import { keyOf, type Resource } from '@meshwise/resources';
import type { ItemBase } from '../model/item.ts';

/** The part that all items made of one resource share. */
export function itemBase(resource: Resource): ItemBase {
  const createdAtMs = Date.parse(resource.metadata.creationTimestamp ?? '');
  return {
    namespace: resource.metadata.namespace ?? '',
    name: resource.metadata.name,
    ...(Number.isNaN(createdAtMs) ? {} : { createdAtMs }),
    origin: { resource: keyOf(resource) },
  };
}
