import type { GroupKind, Resource, ResourceKey } from '@meshwise/resources';
import { groupOf } from '@meshwise/resources';
import type { Change } from '../runtime/source.ts';
import { controllerOf } from './ownership.ts';

/** Maps a change to the controllers of this kind that the resource had or has (controller-runtime's owner handler). */
export function toController(kind: GroupKind): (change: Change) => Iterable<ResourceKey> {
  return both((resource) => {
    const owner = controllerOf(resource);
    if (owner?.kind !== kind.kind || groupOf(owner.apiVersion) !== kind.group) return [];
    return [{ ...kind, namespace: resource.metadata.namespace ?? '', name: owner.name }];
  });
}

/** Applies a mapping to what the resource was and to what it is, since a change concerns both. */
export function both(map: (resource: Resource) => Iterable<ResourceKey>): (change: Change) => Iterable<ResourceKey> {
  return function* keys(change) {
    if (change.previous !== undefined) yield* map(change.previous);
    if (change.current !== undefined) yield* map(change.current);
  };
}

/** Both mappings of one change, one after the other. */
export function either(
  ...maps: readonly ((change: Change) => Iterable<ResourceKey>)[]
): (change: Change) => Iterable<ResourceKey> {
  return function* keys(change) {
    for (const map of maps) yield* map(change);
  };
}
