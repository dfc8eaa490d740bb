import { MeshwiseError } from '@meshwise/core';
import { keyOf, keyText, type Resource } from '../resource.ts';

/**
 * An object that goes back to an earlier state, with who owned which field: otherwise a later apply would not take away
 * what it had brought. The status that it names is that of an object which was away in between.
 */
export function restored({ metadata, status }: Resource, next: Resource): Resource {
  const { managedFields } = metadata;
  return {
    ...next,
    metadata: managedFields === undefined ? next.metadata : { ...next.metadata, managedFields },
    ...(status === undefined || next.status !== undefined ? {} : { status }),
  };
}

/** Throws MW2002 when the object is not at the resource version, or not the one, that a write names. */
export function checkPreconditions(
  live: Resource,
  wanted: { readonly resourceVersion?: string | undefined; readonly uid?: string | undefined },
): void {
  for (const field of ['resourceVersion', 'uid'] as const) {
    const expected = wanted[field];
    if (expected === undefined || expected === '' || expected === live.metadata[field]) continue;
    throw new MeshwiseError('MW2002', `${keyText(keyOf(live))} has changed meanwhile`, {
      field: `metadata.${field}`,
      found: live.metadata[field],
      expected,
    });
  }
}
