import { equalValues } from '../equal.ts';
import { type Manager, writeManagers } from '../fields/managers.ts';
import type { ManagedFields, ObjectMeta, Resource } from '../resource.ts';

/** What users own of an object. The rest of `metadata`, and `status`, belong to the store and to controllers. */
export interface Content {
  readonly metadata?: Pick<ObjectMeta, 'labels' | 'annotations' | 'ownerReferences' | 'finalizers'>;
  readonly [field: string]: unknown;
}

export function contentOf(resource: Resource): Content {
  const { apiVersion: _apiVersion, kind: _kind, status: _status, metadata, ...rest } = resource;
  const { labels, annotations, ownerReferences, finalizers } = metadata;
  const owned = defined({ labels, annotations, ownerReferences, finalizers });
  return Object.keys(owned).length === 0 ? rest : { metadata: owned, ...rest };
}

/** The fields of `metadata` that only the store writes. */
export type SystemMeta = Pick<
  ObjectMeta,
  'name' | 'namespace' | 'generateName' | 'uid' | 'generation' | 'creationTimestamp' | 'deletionTimestamp'
>;

export function assemble(
  apiVersion: string,
  kind: string,
  system: SystemMeta,
  content: Content,
  status: unknown,
  managers: readonly Manager[],
): Resource {
  const { metadata: owned, ...rest } = content;
  const { name, namespace, generateName, uid, generation, creationTimestamp, deletionTimestamp } = system;
  const { labels, annotations, ownerReferences, finalizers } = owned ?? {};
  const managedFields = writeManagers(managers);
  const metadata = {
    name,
    ...defined({ namespace, generateName, uid, generation, creationTimestamp, deletionTimestamp }),
    ...defined({ labels, annotations, ownerReferences, finalizers }),
    ...(managedFields.length === 0 ? {} : { managedFields }),
  };
  return { apiVersion, kind, metadata, ...rest, ...(status === undefined ? {} : { status }) };
}

/** Whether a write changes nothing: everything is the same but times in `managedFields` and the resource version. */
export function isUnchanged(before: Resource, after: Resource): boolean {
  return equalValues(comparable(before), comparable(after));
}

/** Whether anything but metadata and status differs, which is what `generation` counts. */
export function contentChanged(before: Resource, after: Resource): boolean {
  const strip = ({ metadata: _metadata, status: _status, apiVersion: _version, ...rest }: Resource) => rest;
  return !equalValues(strip(before), strip(after));
}

function comparable(resource: Resource): unknown {
  const { resourceVersion: _version, managedFields, generation: _generation, ...metadata } = resource.metadata;
  const untimed = (managedFields ?? []).map(({ time: _time, ...entry }: ManagedFields) => entry);
  return { ...resource, metadata: { ...metadata, managedFields: untimed } };
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
