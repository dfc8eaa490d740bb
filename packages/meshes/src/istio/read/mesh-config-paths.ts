import type { FieldReader, PathNormalization } from '@meshwise/model';

/** DEFAULT is BASE (Istio, MeshConfig `ProxyPathNormalization.NormalizationType`). */
const TYPES: Readonly<Record<string, PathNormalization | undefined>> = {
  DEFAULT: undefined,
  BASE: undefined,
  NONE: 'none',
  MERGE_SLASHES: 'merge-slashes',
  DECODE_AND_MERGE_SLASHES: 'decode-and-merge-slashes',
};

/** `pathNormalization` of MeshConfig. */
export function readPathNormalization(field: FieldReader | undefined): PathNormalization | undefined {
  const type = field?.string('normalization') ?? 'DEFAULT';
  field?.rest();
  if (Object.hasOwn(TYPES, type)) return TYPES[type];
  field?.invalid('normalization', `is none of ${Object.keys(TYPES).join(', ')}; it is BASE`);
  return undefined;
}
