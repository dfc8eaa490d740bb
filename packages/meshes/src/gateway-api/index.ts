import type { MeshReader } from '@meshwise/model';

/** The Gateway API of Kubernetes, with its routes between services (GAMMA). */
export const gatewayApiMesh: MeshReader = {
  name: 'gateway-api',
  reads: [],
  read: () => undefined,
};
