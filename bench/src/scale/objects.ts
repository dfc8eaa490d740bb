import type { ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** Kubernetes and Istio objects of one mesh, the same for every control plane, and the sidecars that connect to it. */
export interface ScaleMesh {
  readonly resources: readonly Resource[];
  readonly proxies: readonly ProxyDescriptor[];
}

/** What happens to a mesh while proxies watch. */
export interface ScaleChange {
  readonly resources: readonly Resource[];
  /** Text that stands in every response that brings the change. */
  readonly marker: string;
  /** In responses of which types, each of which every proxy must have acknowledged. */
  readonly types: readonly ('clusters' | 'endpoints' | 'routes' | 'filters')[];
  /** Which proxies have to see it, by their number. Absent: all. */
  readonly concerns?: readonly number[];
}

const PORT = 80;
const NAMESPACE = 'default';
const ADDRESSES = 2;

/** So many services with two endpoints each, and one VirtualService, without any scoping: every proxy sees everything. */
export function uniformMesh(services: number, proxies: number): ScaleMesh {
  const indices = Array.from({ length: services }, (_, index) => index);
  return {
    resources: [...indices.flatMap((index) => [service(index), slice(index)]), route('before')],
    proxies: Array.from({ length: proxies }, (_, index) => sidecar(index, NAMESPACE, nameOf(index % services))),
  };
}

/** The endpoints of another service each time. */
export function endpointChange(round: number): ScaleChange {
  const marker = `10.99.0.${round + 1}`;
  return { resources: [slice(1 + round, [marker])], marker, types: ['endpoints'] };
}

export function routeChange(round: number): ScaleChange {
  const marker = `marker-${round}`;
  return { resources: [route(marker)], marker, types: ['routes'] };
}

/** Its number comes after those of the mesh. */
export function newService(round: number, services: number): ScaleChange {
  const index = services + round;
  return {
    resources: [service(index), slice(index)],
    marker: nameOf(index),
    types: ['clusters', 'endpoints', 'routes'],
  };
}

export function sidecar(index: number, namespace: string, app: string): ProxyDescriptor {
  const podIp = `10.245.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  const pod = `client-${index}`;
  const labels = { app };
  return {
    id: `sidecar~${podIp}~${pod}.${namespace}~${namespace}.svc.cluster.local`,
    role: 'sidecar',
    namespace,
    labels,
    identity: { trustDomain: 'cluster.local', namespace, serviceAccount: 'default' },
    workloads: [
      {
        namespace,
        pod,
        labels,
        serviceAccount: 'default',
        placement: {
          capture: 'netns',
          podIp,
          programIp: '127.0.0.1',
          networkNamespacePath: `/proc/${10_000 + index}/ns/net`,
          tunnelSocketPath: `/run/meshwise/${pod}/tunnel.sock`,
        },
        containerPorts: [{ port: PORT, protocol: 'TCP' }],
      },
    ],
  };
}

function nameOf(index: number): string {
  return `service-${String(index).padStart(4, '0')}`;
}

function service(index: number): Resource {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE, name: nameOf(index) },
    spec: {
      clusterIP: `10.96.${Math.floor(index / 250) + 1}.${(index % 250) + 1}`,
      ports: [{ name: 'http', port: PORT, targetPort: PORT, protocol: 'TCP' }],
    },
  };
}

/** Addresses as a cluster has them; nothing is ever sent there. */
function slice(index: number, additional: readonly string[] = []): Resource {
  const own = Array.from(
    { length: ADDRESSES },
    (_, pod) => `10.${244 - pod}.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  );
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: NAMESPACE,
      name: `${nameOf(index)}-1`,
      labels: { 'kubernetes.io/service-name': nameOf(index) },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: PORT, protocol: 'TCP' }],
    endpoints: [...own, ...additional].map((address) => ({ addresses: [address], conditions: { ready: true } })),
  };
}

function route(marker: string): Resource {
  const host = `${nameOf(0)}.${NAMESPACE}.svc.cluster.local`;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace: NAMESPACE, name: 'route' },
    spec: {
      hosts: [host],
      http: [
        {
          match: [{ headers: { 'x-marker': { exact: marker } } }],
          route: [{ destination: { host: `${nameOf(1)}.${NAMESPACE}.svc.cluster.local` } }],
        },
        { route: [{ destination: { host } }] },
      ],
    },
  };
}
