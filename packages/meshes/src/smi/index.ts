import type { MeshReader } from '@meshwise/model';

/** The Service Mesh Interface (SMI v0.6.0), in all versions of its kinds. */
export const smiMesh: MeshReader = {
  name: 'smi',
  reads: [],
  read: () => undefined,
};
