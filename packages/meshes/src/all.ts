import type { MeshReader } from '@meshwise/model';
import { gatewayApiMesh } from './gateway-api/index.ts';
import { istioMesh } from './istio/index.ts';
import { kubernetesMesh } from './kubernetes/index.ts';
import { meshwiseMesh } from './meshwise/index.ts';
import { smiMesh } from './smi/index.ts';

/** Every dialect that is read, as `createMeshModel` takes them. */
export const MESHES: readonly MeshReader[] = [kubernetesMesh, istioMesh, gatewayApiMesh, smiMesh, meshwiseMesh];
