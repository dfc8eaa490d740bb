export { istioMesh } from './istio/index.ts';
export { kubernetesMesh } from './kubernetes/index.ts';
