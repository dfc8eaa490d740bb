import type { Resource } from '@meshwise/resources';
import { type ScaleMesh, sidecar } from './objects.ts';

/** How much of what. */
export interface SeedCounts {
  readonly services: number;
  readonly virtualServices: number;
  readonly destinationRules: number;
  readonly proxies: number;
  readonly namespaces: number;
}

/** The mesh of the first source document. */
export const SEED: SeedCounts = {
  services: 776,
  virtualServices: 650,
  destinationRules: 480,
  proxies: 920,
  namespaces: 20,
};

const PORT = 8080;

/** Services of two versions, most of them with rules that send by header and by weight. */
export function seedMesh(counts: SeedCounts): ScaleMesh {
  const first = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const namespaceOf = (index: number) => `team-${index % counts.namespaces}`;
  const hostOf = (index: number) => `${nameOf(index)}.${namespaceOf(index)}.svc.cluster.local`;
  const metadata = (index: number, name = nameOf(index)) => ({ namespace: namespaceOf(index), name });
  return {
    resources: [
      ...first(counts.namespaces, (index) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespaceOf(index) },
      })),
      ...first(counts.services, (index) => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata(index),
        spec: {
          clusterIP: `10.96.${Math.floor(index / 250) + 1}.${(index % 250) + 1}`,
          selector: { app: nameOf(index) },
          ports: [{ name: 'http', port: PORT, targetPort: PORT, protocol: 'TCP' }],
        },
      })),
      ...first(2 * counts.services, (index) => pod(index >> 1, (index & 1) + 1, metadata)),
      ...first(counts.services, (index) => slice(index, metadata)),
      ...first(counts.destinationRules, (index) => ({
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: metadata(index),
        spec: {
          host: hostOf(index),
          trafficPolicy: {
            loadBalancer: { simple: 'LEAST_REQUEST' },
            connectionPool: { tcp: { maxConnections: 100 } },
          },
          subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
        },
      })),
      ...first(counts.virtualServices, (index) =>
        virtualService(index, index < counts.destinationRules, hostOf, metadata),
      ),
    ],
    proxies: first(counts.proxies, (index) =>
      sidecar(index, namespaceOf(index % counts.services), nameOf(index % counts.services)),
    ),
  };
}

type MetadataOf = (index: number, name?: string) => { readonly namespace: string; readonly name: string };

function nameOf(index: number): string {
  return `app-${String(index).padStart(4, '0')}`;
}

function addressOf(index: number, version: number): string {
  return `10.${240 + version}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
}

function pod(index: number, version: number, metadata: MetadataOf): Resource {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata(index, `${nameOf(index)}-v${version}`),
      labels: { app: nameOf(index), version: `v${version}`, 'security.istio.io/tlsMode': 'istio' },
    },
    spec: { serviceAccountName: 'default', containers: [{ name: 'app', image: 'app' }] },
  };
}

function slice(index: number, metadata: MetadataOf): Resource {
  const { namespace } = metadata(index);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata(index, `${nameOf(index)}-1`), labels: { 'kubernetes.io/service-name': nameOf(index) } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: PORT, protocol: 'TCP' }],
    endpoints: [1, 2].map((version) => ({
      addresses: [addressOf(index, version)],
      conditions: { ready: true },
      targetRef: { kind: 'Pod', name: `${nameOf(index)}-v${version}`, namespace },
    })),
  };
}

function virtualService(
  index: number,
  hasSubsets: boolean,
  hostOf: (index: number) => string,
  metadata: MetadataOf,
): Resource {
  const to = (subset: string) => ({ host: hostOf(index), ...(hasSubsets ? { subset } : {}) });
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: metadata(index),
    spec: {
      hosts: [hostOf(index)],
      http: [
        { match: [{ headers: { 'x-canary': { exact: '1' } } }], route: [{ destination: to('v2') }] },
        {
          match: [{ uri: { prefix: '/api' } }],
          timeout: '5s',
          retries: { attempts: 3, perTryTimeout: '1s', retryOn: '5xx' },
          route: hasSubsets
            ? [
                { destination: to('v1'), weight: 90 },
                { destination: to('v2'), weight: 10 },
              ]
            : [{ destination: to('v1') }],
        },
        { route: [{ destination: to('v1') }] },
      ],
    },
  };
}
