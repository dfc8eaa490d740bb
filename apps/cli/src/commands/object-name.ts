import type { ApplyOutcome } from '@meshwise/api';
import { groupOf } from '@meshwise/resources';

/** `deployment.apps/reviews-v1`, as kubectl names objects in what it did. */
export function objectName({ apiVersion, kind, name }: { apiVersion: string; kind: string; name: string }): string {
  const group = groupOf(apiVersion);
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name}`;
}

/** With the namespace, where several may be meant. */
export function objectWithNamespace(object: ApplyOutcome['object']): string {
  return object.namespace === '' ? objectName(object) : `${objectName(object)} in ${object.namespace}`;
}
