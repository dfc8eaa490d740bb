import type { Resource, ResourceStore, ServiceSpec } from '@meshwise/resources';

/**
 * The port at which a gateway's pod is called for a port of its Service. A Gateway resource names the ports of the Service
 * (Istio, Gateway `servers[].port`), and what listens are the pod's.
 */
export async function targetPortOf(
  store: Pick<ResourceStore, 'list'>,
  pod: Resource,
  servicePort: number,
): Promise<number> {
  const namespace = pod.metadata.namespace ?? 'default';
  const { items } = await store.list({ group: '', kind: 'Service' }, { namespace });
  for (const { spec } of items as readonly Resource<ServiceSpec>[]) {
    const selector = Object.entries(spec?.selector ?? {});
    const labels = pod.metadata.labels ?? {};
    if (selector.length === 0 || selector.some(([key, value]) => labels[key] !== value)) continue;
    const port = (spec?.ports ?? []).find((candidate) => candidate.port === servicePort);
    if (port !== undefined) return typeof port.targetPort === 'number' ? port.targetPort : servicePort;
  }
  return servicePort;
}
