import type { ProxyDescriptor, ServedWorkload } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** Short forms of resources for tests. Names are `name` or `namespace/name`; the namespace is `default` unless given. */
type Labels = Readonly<Record<string, string>>;

function metadata(name: string, more: object = {}): Resource['metadata'] {
  const [namespace, own] = name.includes('/') ? (name.split('/', 2) as [string, string]) : ['default', name];
  return { namespace, name: own, ...more };
}

/** `created` counts seconds, so that tests can say what is older. */
export function age(created: number): object {
  return { creationTimestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, created)).toISOString() };
}

export interface PortSpec {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
  readonly protocol?: string;
}

export function service(
  name: string,
  ports: readonly PortSpec[],
  more: { readonly spec?: object; readonly meta?: object; readonly selector?: Labels } = {},
): Resource {
  const meta = metadata(name, more.meta);
  const selector = more.selector ?? { app: meta.name };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta,
    spec: { clusterIP: '10.96.0.1', ports, selector, ...more.spec },
  };
}

export function pod(
  name: string,
  labels: Labels,
  more: { readonly account?: string; readonly mesh?: boolean } = {},
): Resource {
  const tls = more.mesh === false ? {} : { 'security.istio.io/tlsMode': 'istio' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, { labels: { ...labels, ...tls } }),
    spec: more.account === undefined ? {} : { serviceAccountName: more.account },
  };
}

export interface EndpointSpec {
  readonly ip: string;
  readonly pod?: string;
  readonly conditions?: object;
  readonly hostname?: string;
}

/** A slice of the service it is named after (`reviews` or `reviews-2`, by the part before the first hyphen). */
export function slice(name: string, port: PortSpec, endpoints: readonly EndpointSpec[]): Resource {
  const meta = metadata(name);
  const owner = meta.name.split('-', 1)[0] ?? '';
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...meta, labels: { 'kubernetes.io/service-name': owner } },
    addressType: 'IPv4',
    ports: [{ name: port.name ?? '', port: port.port, protocol: 'TCP' }],
    endpoints: endpoints.map(({ ip, pod: target, conditions, hostname }) => ({
      addresses: [ip],
      ...(conditions === undefined ? {} : { conditions }),
      ...(hostname === undefined ? {} : { hostname }),
      ...(target === undefined ? {} : { targetRef: { kind: 'Pod', name: target, namespace: meta.namespace } }),
    })),
  };
}

export function configMap(name: string, data: Labels): Resource {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data } as Resource;
}

/** Values are given as they are and stand in `data`, as Kubernetes keeps them. */
export function secret(name: string, values: Labels): Resource {
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: metadata(name), data } as Resource;
}

/** The settings of the whole mesh, as MeshConfig. */
export function meshConfig(settings: object): Resource {
  return configMap('istio-system/istio', { mesh: JSON.stringify(settings) });
}

function istio(group: string, kind: string) {
  return (name: string, spec: object, meta: object = {}): Resource => ({
    apiVersion: `${group}.istio.io/v1`,
    kind,
    metadata: metadata(name, meta),
    spec,
  });
}

export const virtualService = istio('networking', 'VirtualService');
export const destinationRule = istio('networking', 'DestinationRule');
export const gatewayResource = istio('networking', 'Gateway');
export const serviceEntry = istio('networking', 'ServiceEntry');
export const workloadEntry = istio('networking', 'WorkloadEntry');
export const workloadGroup = istio('networking', 'WorkloadGroup');
export const sidecarResource = istio('networking', 'Sidecar');
export const telemetry = istio('telemetry', 'Telemetry');
export const proxyConfig = (name: string, spec: object): Resource => ({
  ...istio('networking', 'ProxyConfig')(name, spec),
  apiVersion: 'networking.istio.io/v1beta1',
});
export const peerAuthentication = istio('security', 'PeerAuthentication');
export const requestAuthentication = istio('security', 'RequestAuthentication');
export const authorizationPolicy = istio('security', 'AuthorizationPolicy');

export function workload(
  name: string,
  labels: Labels,
  containerPorts: ServedWorkload['containerPorts'] = [],
): ServedWorkload {
  const meta = metadata(name);
  return {
    namespace: meta.namespace ?? '',
    pod: meta.name,
    labels,
    serviceAccount: 'default',
    placement: { capture: 'netns', podIp: '10.244.0.9', programIp: '127.0.0.1', tunnelSocketPath: '/run/tunnel' },
    containerPorts,
  };
}

export function sidecar(served: ServedWorkload): ProxyDescriptor {
  const { namespace, pod: name, labels, serviceAccount } = served;
  return {
    id: `sidecar~10.244.0.9~${name}.${namespace}~${namespace}.svc.cluster.local`,
    role: 'sidecar',
    namespace,
    labels,
    identity: { trustDomain: 'cluster.local', namespace, serviceAccount },
    workloads: [served],
  };
}

export function gatewayProxy(namespace: string, labels: Labels): ProxyDescriptor {
  return { id: `gateway~${namespace}`, role: 'gateway', namespace, labels, workloads: [] };
}
