import type { ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** A mesh of any size: each service one HTTP port, three pods of which two, after a change three, are endpoints. */
const PORT = 9080;
const PODS = 3;
const NAMESPACE = 'default';

export function meshResources(services: number): Resource[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    ...Array.from({ length: services }, (_, index) => [
      service(index),
      ...Array.from({ length: PODS }, (__, pod) => podResource(index, pod)),
      endpointSlice(index, 0),
    ]).flat(),
  ];
}

/** The slice as it is after so many changes: with two and with three endpoints by turns. */
export function endpointSlice(index: number, changes: number): Resource {
  const pods = Array.from({ length: PODS - 1 + (changes % 2) }, (_, pod) => pod);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: NAMESPACE,
      name: `${serviceName(index)}-1`,
      labels: { 'kubernetes.io/service-name': serviceName(index) },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: PORT, protocol: 'TCP' }],
    endpoints: pods.map((pod) => ({
      addresses: [podIp(index, pod)],
      conditions: { ready: true },
      targetRef: { kind: 'Pod', name: podName(index, pod), namespace: NAMESPACE },
    })),
  };
}

/** The sidecar of a pod of one of the services, in its own network namespace as by default on Linux. */
export function proxyOf(client: number, services: number): ProxyDescriptor {
  const index = client % services;
  const address = `10.245.${Math.floor(client / 250)}.${(client % 250) + 1}`;
  const pod = `client-${client}`;
  const labels = { app: serviceName(index) };
  return {
    id: `sidecar~${address}~${pod}.${NAMESPACE}~${NAMESPACE}.svc.cluster.local`,
    role: 'sidecar',
    namespace: NAMESPACE,
    labels,
    identity: { trustDomain: 'cluster.local', namespace: NAMESPACE, serviceAccount: 'default' },
    workloads: [
      {
        namespace: NAMESPACE,
        pod,
        labels,
        serviceAccount: 'default',
        placement: {
          capture: 'netns',
          podIp: address,
          programIp: '127.0.0.1',
          networkNamespacePath: `/proc/${10_000 + client}/ns/net`,
          tunnelSocketPath: `/run/meshwise/${pod}/tunnel.sock`,
        },
        containerPorts: [{ port: PORT, protocol: 'TCP' }],
      },
    ],
  };
}

/** Names of the endpoint resources that a client asks for once it has its clusters. */
export function endpointNames(services: number): string[] {
  return Array.from({ length: services }, (_, index) => endpointName(index));
}

export function endpointName(index: number): string {
  return `outbound|${PORT}||${serviceName(index)}.${NAMESPACE}.svc.cluster.local`;
}

function serviceName(index: number): string {
  return `service-${String(index).padStart(4, '0')}`;
}

function podName(index: number, pod: number): string {
  return `${serviceName(index)}-v1-${pod}`;
}

/** Addresses as a cluster has them; nothing is ever sent there. */
function podIp(index: number, pod: number): string {
  return `10.${244 - pod}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
}

function service(index: number): Resource {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE, name: serviceName(index) },
    spec: {
      clusterIP: `10.96.${Math.floor(index / 250) + 1}.${(index % 250) + 1}`,
      selector: { app: serviceName(index) },
      ports: [{ name: 'http', port: PORT, targetPort: PORT }],
    },
  };
}

function podResource(index: number, pod: number): Resource {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: NAMESPACE,
      name: podName(index, pod),
      labels: { app: serviceName(index), 'security.istio.io/tlsMode': 'istio' },
    },
    spec: { serviceAccountName: 'default' },
  };
}
