import { MeshwiseError } from '@meshwise/core';
import type { MutualTlsMode, Protocol } from '@meshwise/model';
import type { Mesh } from '../mesh/mesh.ts';
import type { ReadyPod, ServiceTarget } from './find-service.ts';

/** A pod behind a service as its sidecar takes requests for it. */
export interface ServerPod extends ReadyPod {
  readonly uid: string;
  readonly mutualTls: MutualTlsMode;
  readonly protocol: Protocol;
}

/** Those of a service's ready pods that have a sidecar which listens for its port. Throws MW8006 when there are none. */
export function serverPods(
  service: ServiceTarget,
  { proxies, model }: Pick<Mesh, 'proxies' | 'model'>,
): readonly [ServerPod, ...ServerPod[]] {
  const sidecars = proxies.all().filter(({ descriptor }) => descriptor.role === 'sidecar');
  const [first, ...others] = service.pods.flatMap((ready): ServerPod[] => {
    const sidecar = sidecars.find(({ pod }) => pod?.name === ready.name && pod.namespace === ready.namespace);
    if (sidecar?.pod === undefined) return [];
    const ports = model.inbound(sidecar.descriptor.id).flatMap((plan) => plan.ports);
    const port = ports.find((candidate) => candidate.port === ready.port);
    const { uid } = sidecar.pod;
    return port === undefined ? [] : [{ ...ready, uid, mutualTls: port.mutualTls, protocol: port.protocol }];
  });
  if (first !== undefined) return [first, ...others];
  const { name, namespace, pods } = service;
  const why = pods.length === 0 ? 'has no pod that is ready' : 'has no pod with a sidecar';
  throw new MeshwiseError('MW8006', `service ${name}.${namespace} ${why}`);
}
