import type { Resource } from '@meshwise/resources';

/** `v1alpha1` of `split.smi-spec.io/v1alpha1`. */
export function versionOf({ apiVersion }: Resource): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}
