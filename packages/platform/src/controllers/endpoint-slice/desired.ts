import type { ServicePort, ServiceSpec } from '@meshwise/resources';
import { stableJson } from '../support/json.ts';
import type { Endpoint, EndpointSlice, Pod, Service } from '../support/kinds.ts';
import { controllerReference, isDeleting } from '../support/ownership.ts';
import { isFinished, isReady } from '../support/pods.ts';
import { nameHash } from '../support/template-hash.ts';

export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
export const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
/** Kubernetes' own value, since tools look for it. */
export const MANAGED_BY = 'endpointslice-controller.k8s.io';
/** Kubernetes' default for `--max-endpoints-per-slice`. */
const MAX_ENDPOINTS = 100;

type EndpointPort = NonNullable<EndpointSlice['ports']>[number];

/**
 * The EndpointSlices that a service with a selector should have, from its pods alone (discovery.k8s.io/v1). Pods whose
 * named target ports resolve to different numbers go to different slices; each slice has at most 100 endpoints. A
 * service that selects nothing gets one slice without endpoints. Names depend on the content's place, not on chance, so
 * that the same pods always give the same slices.
 */
export function desiredSlices(service: Service, pods: readonly Pod[]): readonly EndpointSlice[] {
  const spec = service.spec ?? {};
  const groups = new Map<string, { readonly ports: readonly EndpointPort[]; readonly endpoints: Endpoint[] }>();
  for (const pod of [...pods].sort(byName)) {
    const endpoint = endpointOf(spec, service, pod);
    if (endpoint === undefined) continue;
    const ports = portsOf(spec, pod);
    const key = stableJson(ports);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ports, endpoints: [endpoint] });
    else group.endpoints.push(endpoint);
  }
  if (groups.size === 0) groups.set('', { ports: portsOf(spec, undefined), endpoints: [] });
  return [...groups].flatMap(([key, { ports, endpoints }]) =>
    chunks(endpoints).map((chunk, index) => sliceOf(service, `${key}#${index}`, ports, chunk)),
  );
}

function sliceOf(
  service: Service,
  place: string,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
): EndpointSlice {
  const headless = service.spec?.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  const { name, namespace } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${nameHash(place)}`,
      namespace: namespace ?? '',
      labels: { ...service.metadata.labels, ...headless, [SERVICE_NAME_LABEL]: name, [MANAGED_BY_LABEL]: MANAGED_BY },
      ownerReferences: [controllerReference(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  };
}

/** An endpoint for a pod that has an address and has not ended. */
function endpointOf(spec: ServiceSpec, service: Service, pod: Pod): Endpoint | undefined {
  const address = pod.status?.podIP;
  if (address === undefined || address === '' || isFinished(pod)) return undefined;
  const terminating = isDeleting(pod);
  const serving = isReady(pod);
  const { hostname, subdomain, nodeName } = pod.spec ?? {};
  const named = hostname !== undefined && subdomain === service.metadata.name;
  return {
    addresses: [address],
    conditions: { ready: spec.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
    ...(named ? { hostname } : {}),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: {
      kind: 'Pod',
      name: pod.metadata.name,
      namespace: pod.metadata.namespace ?? '',
      ...(pod.metadata.uid === undefined ? {} : { uid: pod.metadata.uid }),
    },
  };
}

/** The service's ports as numbers; a name is looked up among the pod's container ports and left out if not there. */
function portsOf(spec: ServiceSpec, pod: Pod | undefined): readonly EndpointPort[] {
  return (spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPort(servicePort, pod);
    if (port === undefined) return [];
    const { appProtocol } = servicePort;
    return [
      {
        name: servicePort.name ?? '',
        protocol: servicePort.protocol ?? 'TCP',
        port,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      },
    ];
  });
}

/** The number a Service port leads to on a pod (Kubernetes podutil.FindPort); an unset targetPort is the port itself. */
export function targetPort(servicePort: ServicePort, pod: Pod | undefined): number | undefined {
  const target = servicePort.targetPort ?? servicePort.port;
  if (typeof target === 'number') return target === 0 ? servicePort.port : target;
  const protocol = servicePort.protocol ?? 'TCP';
  // Init containers that keep running (restartPolicy Always) are sidecars and may serve a named port too.
  const sidecars = (pod?.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  for (const container of [...(pod?.spec?.containers ?? []), ...sidecars]) {
    const found = container.ports?.find((port) => port.name === target && (port.protocol ?? 'TCP') === protocol);
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}

function chunks(endpoints: readonly Endpoint[]): readonly (readonly Endpoint[])[] {
  if (endpoints.length === 0) return [[]];
  const result: (readonly Endpoint[])[] = [];
  for (let at = 0; at < endpoints.length; at += MAX_ENDPOINTS) result.push(endpoints.slice(at, at + MAX_ENDPOINTS));
  return result;
}

function byName(a: Pod, b: Pod): number {
  return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
}
