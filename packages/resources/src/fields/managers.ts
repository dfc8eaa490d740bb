import type { ManagedFields } from '../resource.ts';
import { difference, type FieldSet, fromFieldsV1, isEmpty, toFieldsV1, union, without } from './field-set.ts';

/** Who owns which fields of one object: `metadata.managedFields` with its field sets decoded. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

export type ManagerId = Pick<Manager, 'manager' | 'operation' | 'subresource'>;

export function readManagers(entries: readonly ManagedFields[] | undefined): readonly Manager[] {
  return (entries ?? []).map((entry) => ({
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    subresource: entry.subresource,
    time: entry.time,
    fields: fromFieldsV1(entry.fieldsV1),
  }));
}

/** Entries without fields are left out, as Kubernetes does. */
export function writeManagers(managers: readonly Manager[]): readonly ManagedFields[] {
  return managers
    .filter((manager) => !isEmpty(manager.fields))
    .map((manager) => ({
      manager: manager.manager,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(manager.time === undefined ? {} : { time: manager.time }),
      ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(manager.fields),
    }));
}

export function isSame(manager: Manager, id: ManagerId): boolean {
  return manager.manager === id.manager && manager.operation === id.operation && manager.subresource === id.subresource;
}

export interface Ownership {
  readonly id: ManagerId;
  readonly apiVersion: string;
  readonly time: string;
}

/** After an update: what changed belongs to the updater, what is gone belongs to nobody. */
export function recordUpdate(
  managers: readonly Manager[],
  by: Ownership,
  changed: FieldSet,
  removed: FieldSet,
): readonly Manager[] {
  if (isEmpty(changed) && isEmpty(removed)) return managers;
  const others = managers.map((manager) => ({
    ...manager,
    fields: isSame(manager, by.id)
      ? without(manager.fields, removed)
      : difference(without(manager.fields, removed), changed),
  }));
  if (isEmpty(changed)) return others;
  const own = others.find((manager) => isSame(manager, by.id));
  return replaceManager(others, by, own === undefined ? changed : union(own.fields, changed));
}

/** Sets the fields of one manager. Whether anything changed is judged without the times (`objects/assemble.ts`). */
export function replaceManager(managers: readonly Manager[], by: Ownership, fields: FieldSet): readonly Manager[] {
  const entry = { ...by.id, apiVersion: by.apiVersion, time: by.time, fields };
  const index = managers.findIndex((manager) => isSame(manager, by.id));
  return index === -1 ? [...managers, entry] : managers.with(index, entry);
}
