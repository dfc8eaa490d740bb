export { istioMesh } from './istio/index.ts';
export { ATTACHED_ANNOTATION, type AttachedKind, attachedKindOf } from './istio/read/attached.ts';
export { kubernetesMesh } from './kubernetes/index.ts';
export { meshwiseMesh } from './meshwise/index.ts';
