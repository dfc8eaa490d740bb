import type { ServiceView } from '@meshwise/api';
import type { EndpointSliceData, PodStatus, Resource, ServiceSpec } from '@meshwise/resources';
import type { TrafficSample } from './sampler.ts';
import type { SeenProxy, Snapshot } from './snapshot.ts';
import { sumTraffic } from './traffic.ts';
import { workloadNameOf } from './workload-name.ts';

const SERVICE_LABEL = 'kubernetes.io/service-name';

export function serviceViews(snapshot: Snapshot, clusterDomain: string): ServiceView[] {
  const proxyByAddress = new Map<string, SeenProxy>();
  const proxyByPod = new Map(snapshot.proxies.map((proxy) => [proxy.running.pod?.uid, proxy]));
  for (const pod of snapshot.pods) {
    const address = (pod.status as PodStatus | undefined)?.podIP;
    const proxy = proxyByPod.get(pod.metadata.uid);
    if (address !== undefined && proxy !== undefined) proxyByAddress.set(address, proxy);
  }
  const podByAddress = new Map(snapshot.pods.map((pod) => [(pod.status as PodStatus | undefined)?.podIP, pod]));
  const slicesOf = Map.groupBy(snapshot.endpointSlices, (slice) => serviceKey(slice.metadata, SERVICE_LABEL));
  return snapshot.services.map((service) => {
    const { name, namespace = '' } = service.metadata;
    const spec = service.spec as ServiceSpec;
    const slices = slicesOf.get(`${namespace}/${name}`) ?? [];
    const endpoints = slices.flatMap((slice) => (slice as unknown as EndpointSliceData).endpoints ?? []);
    const endpointsReady = endpoints.filter((endpoint) => endpoint.conditions?.ready !== false).length;
    const traffic = sumTraffic(trafficOf(slices, snapshot, proxyByAddress));
    return {
      namespace,
      name,
      host: `${name}.${namespace}.svc.${clusterDomain}`,
      clusterIp: spec.clusterIP === undefined || spec.clusterIP === 'None' ? null : spec.clusterIP,
      ports: (spec.ports ?? []).map((port) => ({
        name: port.name ?? null,
        port: port.port,
        protocol: port.appProtocol ?? port.name?.split('-')[0] ?? port.protocol?.toLowerCase() ?? 'tcp',
      })),
      endpointsReady,
      endpointsTotal: endpoints.length,
      workloads: workloadsOf(endpoints, podByAddress, snapshot),
      ...health(service, endpointsReady, endpoints.length, traffic),
      traffic,
    };
  });
}

function workloadsOf(
  endpoints: readonly { readonly addresses: readonly string[] }[],
  podByAddress: ReadonlyMap<string | undefined, Resource>,
  snapshot: Snapshot,
): string[] {
  const pods = endpoints.map(({ addresses }) => podByAddress.get(addresses[0])).filter((pod) => pod !== undefined);
  return [...new Set(pods.map((pod) => workloadNameOf(pod, snapshot)))].sort();
}

function serviceKey({ namespace, labels }: Resource['metadata'], label: string): string {
  return `${namespace}/${labels?.[label]}`;
}

/** A service's traffic is what arrived at its pods, on the ports that it targets. */
function trafficOf(
  slices: readonly Resource[],
  snapshot: Snapshot,
  proxies: ReadonlyMap<string, SeenProxy>,
): TrafficSample[] {
  const samples: TrafficSample[] = [];
  for (const slice of slices as unknown as readonly EndpointSliceData[]) {
    for (const endpoint of slice.endpoints ?? []) {
      const proxy = proxies.get(endpoint.addresses[0] ?? '')?.running;
      if (proxy === undefined) continue;
      const sample = snapshot.samples.proxies.get(proxy.descriptor.id);
      if (proxy.descriptor.role === 'gateway' && sample?.downstream !== undefined) samples.push(sample.downstream);
      const inbound = sample?.inbound;
      for (const port of slice.ports ?? []) {
        const arrived = port.port === undefined ? undefined : inbound?.get(port.port);
        if (arrived !== undefined) samples.push(arrived);
      }
    }
  }
  return samples;
}

function health(
  service: Resource,
  ready: number,
  total: number,
  traffic: ServiceView['traffic'],
): Pick<ServiceView, 'health' | 'reason'> {
  const selector = (service.spec as ServiceSpec).selector;
  if (selector === undefined)
    return { health: 'unknown', reason: 'the service has no selector, so its endpoints are not ours' };
  if (total === 0) return { health: 'failing', reason: 'the service selects no pod' };
  if (ready === 0) return { health: 'failing', reason: `none of ${total} endpoints is ready` };
  const { errorPercent } = traffic;
  if (errorPercent !== null && errorPercent >= 50)
    return { health: 'failing', reason: `${errorPercent.toFixed(1)} % errors` };
  if (errorPercent !== null && errorPercent >= 1)
    return { health: 'degraded', reason: `${errorPercent.toFixed(1)} % errors` };
  if (ready < total) return { health: 'degraded', reason: `${ready} of ${total} endpoints ready` };
  if (traffic.requestsPerSecond === null)
    return { health: 'healthy', reason: 'endpoints are ready; requests are not measured' };
  return traffic.requestsPerSecond === 0
    ? { health: 'idle', reason: 'no requests in the last seconds' }
    : { health: 'healthy', reason: null };
}
