import { MeshwiseError } from '@meshwise/core';
import { findKindByName, type ResourceStore } from '@meshwise/resources';

export interface AddressedKind {
  readonly group: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespaced: boolean;
}

/** The kind a user means: a known one by any of its names, else one of which something is stored. Throws MW2001. */
export async function resolveKind(store: ResourceStore, name: string): Promise<AddressedKind> {
  const known = findKindByName(name);
  if (known !== undefined) {
    const version = known.versions[0] ?? 'v1';
    const apiVersion = known.group === '' ? version : `${known.group}/${version}`;
    return { group: known.group, kind: known.kind, apiVersion, namespaced: known.namespaced };
  }
  const wanted = name.toLowerCase();
  for (const { group, kind } of await store.kinds()) {
    const lower = kind.toLowerCase();
    const names = [lower, `${lower}s`, `${lower}.${group}`, `${lower}s.${group}`];
    if (!names.includes(wanted)) continue;
    const sample = (await store.list({ group, kind })).items[0];
    const namespaced = sample?.metadata.namespace !== undefined;
    return { group, kind, apiVersion: sample?.apiVersion ?? `${group}/v1`, namespaced };
  }
  throw new MeshwiseError('MW2001', `there is no kind called ${name}`, { found: name });
}
