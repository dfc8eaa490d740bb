import type { ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** Where the programs of all pods listen; services give these ports other numbers. */
export const HTTP_PORT = 8080;
export const GRPC_PORT = 7070;

interface PodSpec {
  readonly namespace: string;
  readonly address: string;
}

export const PODS = {
  'cart-v1': { namespace: 'shop', address: '10.244.0.11' },
  'cart-v2': { namespace: 'shop', address: '10.244.0.12' },
  guest: { namespace: 'elsewhere', address: '10.244.0.13' },
} as const satisfies Readonly<Record<string, PodSpec>>;
export type PodName = keyof typeof PODS;

/** Cluster addresses. `cart` is of both versions. */
export const ADDRESSES = { cart: '10.96.0.21', 'cart-v1': '10.96.0.22', 'cart-v2': '10.96.0.23' } as const;
export type ServiceName = keyof typeof ADDRESSES;

const SERVICE_PORTS = [
  { name: 'http', port: 80, targetPort: HTTP_PORT },
  { name: 'http-alt', port: 8081, targetPort: HTTP_PORT },
  { name: 'grpc', port: 7070, targetPort: GRPC_PORT },
];

const ACCOUNT = 'default';

function labelsOf(name: PodName): Readonly<Record<string, string>> {
  const [app = '', version] = name.split('-');
  return { app, ...(version === undefined ? {} : { version }) };
}

function service(name: ServiceName): readonly Resource[] {
  const version = name.split('-')[1];
  const selector = { app: 'cart', ...(version === undefined ? {} : { version }) };
  const behind = (['cart-v1', 'cart-v2'] as const).filter((pod) => version === undefined || pod.endsWith(version));
  const metadata = { name, namespace: 'shop' };
  const clusterIP = ADDRESSES[name];
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: SERVICE_PORTS.map(({ name: port, targetPort }) => ({ name: port, port: targetPort, protocol: 'TCP' })),
    endpoints: behind.map((pod) => ({
      addresses: [PODS[pod].address],
      conditions: { ready: true },
      targetRef: { kind: 'Pod', name: pod, namespace: 'shop' },
    })),
  };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP, selector, ports: SERVICE_PORTS } },
    slice as Resource,
  ];
}

function pod(name: PodName): Resource {
  const labels = { ...labelsOf(name), 'security.istio.io/tlsMode': 'istio' };
  const { namespace, address } = PODS[name];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { serviceAccountName: ACCOUNT },
    status: { podIP: address, phase: 'Running' },
  } as Resource;
}

/** Two versions of a cart with a service for each and one for both, and a guest in another namespace. */
export const SHOP: readonly Resource[] = [
  ...['shop', 'elsewhere'].map((name): Resource => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  ...(Object.keys(ADDRESSES) as ServiceName[]).flatMap(service),
  ...(Object.keys(PODS) as PodName[]).map(pod),
];

export function proxyOf(name: PodName, networkNamespacePath: string, tunnelSocketPath: string): ProxyDescriptor {
  const { namespace, address } = PODS[name];
  const labels = labelsOf(name);
  return {
    id: `sidecar~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`,
    role: 'sidecar',
    namespace,
    labels,
    identity: { trustDomain: 'cluster.local', namespace, serviceAccount: ACCOUNT },
    workloads: [
      {
        ...{ namespace, pod: name, labels, serviceAccount: ACCOUNT },
        placement: { capture: 'netns', podIp: address, programIp: '127.0.0.1', networkNamespacePath, tunnelSocketPath },
        containerPorts: [HTTP_PORT, GRPC_PORT].map((port) => ({ port, protocol: 'TCP' as const })),
      },
    ],
  };
}
