import { MESHES } from '@meshwise/meshes';
import { createMeshModel, type ObservableMeshModel, type ProxyDescriptor } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

const NAMES = ['productpage', 'reviews', 'ratings', 'details'];

function service(name: string, index: number): Resource {
  const spec = {
    clusterIP: `10.96.0.${index + 1}`,
    clusterIPs: [`10.96.0.${index + 1}`],
    selector: { app: name },
    ports: [
      { name: 'http', port: 9080, protocol: 'TCP' },
      { name: 'tcp-db', port: 3306, protocol: 'TCP' },
    ],
  };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec };
}

function slice(name: string, index: number): Resource {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [
      { name: 'http', port: 9080, protocol: 'TCP' },
      { name: 'tcp-db', port: 3306, protocol: 'TCP' },
    ],
    endpoints: [{ addresses: [`10.244.0.${index + 1}`], conditions: { ready: true } }],
  } as Resource;
}

function sidecar(name: string, index: number): ProxyDescriptor {
  const labels = { app: name, version: 'v1' };
  const address = `10.244.0.${index + 1}`;
  return {
    id: `sidecar~${address}~${name}-1.default~default.svc.cluster.local`,
    role: 'sidecar',
    namespace: 'default',
    labels,
    identity: { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: name },
    locality: 'region/zone/rack',
    workloads: [
      {
        namespace: 'default',
        pod: `${name}-1`,
        labels,
        serviceAccount: name,
        containerPorts: [{ port: 9080, protocol: 'TCP' }],
        placement: {
          capture: 'netns',
          podIp: address,
          programIp: '127.0.0.1',
          networkNamespacePath: '/proc/1/ns/net',
          tunnelSocketPath: `/run/${name}.sock`,
        },
      },
    ],
  };
}

const gatewayPorts = Array.from({ length: 70_000 }, (_, port) => port).filter(
  (port) => port < 100 || port === 443 || port === 3306 || (port >= 8080 && port <= 8450),
);
const gateway: ProxyDescriptor = {
  id: 'gateway~default',
  role: 'gateway',
  namespace: 'default',
  labels: { istio: 'ingressgateway' },
  identity: { trustDomain: 'cluster.local', namespace: 'default', serviceAccount: 'gateway' },
  workloads: [],
  gateway: {
    bindAddress: '127.0.0.1',
    ports: Object.fromEntries(gatewayPorts.map((port) => [port, { port: port + 20_000 }])),
  },
};

export const PROXIES: readonly ProxyDescriptor[] = [sidecar('productpage', 0), sidecar('reviews', 1), gateway];

/** A small mesh in which everything that fixtures speak of exists. */
export function smallMesh(): ObservableMeshModel {
  const model = createMeshModel({ readers: MESHES });
  const resources = NAMES.flatMap((name, index) => [service(name, index), slice(name, index)]);
  model.update(resources.map((resource) => ({ type: 'upsert', resource })));
  for (const proxy of PROXIES) model.setProxy(proxy);
  return model;
}
