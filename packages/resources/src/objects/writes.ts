import { applyFields } from '../fields/apply.ts';
import { compareFields } from '../fields/compare.ts';
import { EMPTY, fieldsOf } from '../fields/field-set.ts';
import { type Ownership, readManagers, recordUpdate } from '../fields/managers.ts';
import { mergeSchema } from '../fields/structure.ts';
import type { Resource } from '../resource.ts';
import { assemble, type Content, contentChanged, contentOf, isUnchanged } from './assemble.ts';

/**
 * What each write makes of an object, as pure functions; `undefined` means that nothing changes. Storing the result and
 * giving it a resource version is the store's part.
 */
export interface WriteContext {
  /** RFC 3339, for creation and managed fields. */
  readonly now: string;
  readonly manager: string;
  newUid(): string;
}

export function createObject(resource: Resource, context: WriteContext): Resource {
  const content = contentOf(resource);
  const managers = recordUpdate([], ownership(resource, context, 'Update'), ownable(content, resource), EMPTY);
  return assemble(resource.apiVersion, resource.kind, newMeta(resource, context), content, undefined, managers);
}

export function updateObject(live: Resource, resource: Resource, context: WriteContext): Resource | undefined {
  const content = contentOf(resource);
  const { changed, removed } = compareFields(contentOf(live), content, mergeSchema(resource));
  const by = ownership(resource, context, 'Update');
  const managers = recordUpdate(readManagers(live.metadata.managedFields), by, changed, removed);
  return settled(live, assemble(resource.apiVersion, live.kind, live.metadata, content, live.status, managers));
}

export function updateObjectStatus(live: Resource, resource: Resource, context: WriteContext): Resource | undefined {
  const schema = mergeSchema(live);
  const status = (value: unknown) => (value === undefined ? {} : { status: value });
  const { changed, removed } = compareFields(status(live.status), status(resource.status), schema);
  const by = ownership(live, context, 'Update', 'status');
  const managers = recordUpdate(readManagers(live.metadata.managedFields), by, changed, removed);
  return settled(live, assemble(live.apiVersion, live.kind, live.metadata, contentOf(live), resource.status, managers));
}

/** Server-side apply to a live object, or as its creation when there is none. */
export function applyObject(
  live: Resource | undefined,
  resource: Resource,
  context: WriteContext,
  force: boolean,
): Resource | undefined {
  const managers = readManagers(live?.metadata.managedFields);
  const by = ownership(resource, context, 'Apply');
  const before = live === undefined ? {} : contentOf(live);
  const applied = applyFields(before, contentOf(resource), mergeSchema(resource), managers, by, force);
  const system = live === undefined ? newMeta(resource, context) : live.metadata;
  const content = applied.value as Content;
  const next = assemble(resource.apiVersion, resource.kind, system, content, live?.status, applied.managers);
  return live === undefined ? next : settled(live, next);
}

function settled(live: Resource, next: Resource): Resource | undefined {
  if (isUnchanged(live, next)) return undefined;
  if (!contentChanged(live, next)) return next;
  return { ...next, metadata: { ...next.metadata, generation: (live.metadata.generation ?? 0) + 1 } };
}

function newMeta(resource: Resource, context: WriteContext) {
  const { name, namespace, generateName } = resource.metadata;
  return {
    name,
    ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    ...(generateName === undefined ? {} : { generateName }),
    uid: context.newUid(),
    generation: 1,
    creationTimestamp: context.now,
  };
}

function ownable(content: Content, resource: Resource) {
  return Object.keys(content).length === 0 ? EMPTY : fieldsOf(content, mergeSchema(resource));
}

function ownership(
  resource: Resource,
  context: WriteContext,
  operation: 'Apply' | 'Update',
  subresource?: string,
): Ownership {
  const { manager, now: time } = context;
  return { id: { manager, operation, subresource }, apiVersion: resource.apiVersion, time };
}
