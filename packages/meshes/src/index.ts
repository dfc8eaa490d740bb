export { MESHES } from './all.ts';
export { gatewayApiMesh } from './gateway-api/index.ts';
export { istioMesh } from './istio/index.ts';
export { ATTACHED_ANNOTATION, type AttachedKind, attachedKindOf } from './istio/read/attached.ts';
export { kubernetesMesh } from './kubernetes/index.ts';
export { meshwiseMesh } from './meshwise/index.ts';
export { smiMesh } from './smi/index.ts';
