import type { Clock } from '@meshwise/core';
import { equalValues, type GroupKind, type Resource, type ResourceStore } from '@meshwise/resources';
import type { Pod } from './kinds.ts';

/** What every controller is given; nothing else reaches it from outside. */
export interface ControllerContext {
  readonly store: ResourceStore;
  readonly clock: Clock;
  /** In [0, 1): for the random part of names. */
  readonly random: () => number;
  /** Completes a pod before it is stored: defaults, the kubelet's finalizer, sidecar injection. */
  readonly admit: (pod: Pod) => Promise<Pod>;
  /** What was last seen of a kind; may lag behind the store, so never the base of a decision. */
  readonly cached: (kind: GroupKind) => Iterable<Resource>;
}

/** Under this name the controllers own the fields they write. */
export const FIELD_MANAGER = 'meshwise-controllers';

/** Writes the status if it differs from what the resource carries, so that a settled world is never written to. */
export async function writeStatus(store: ResourceStore, resource: Resource, status: object): Promise<void> {
  if (equalValues(resource.status ?? {}, status)) return;
  await store.updateStatus({ ...resource, status }, { fieldManager: FIELD_MANAGER });
}

/** Writes the resource if it differs from what is stored. Answers what the store then holds. */
export async function writeChanged<T extends Resource>(store: ResourceStore, before: T, after: T): Promise<T> {
  if (equalValues(before, after)) return before;
  return (await store.update(after, { fieldManager: FIELD_MANAGER })) as T;
}
