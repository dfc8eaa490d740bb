/** The mesh that all fixtures share: services with versions, in three namespaces, and two proxies. */
import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import type { Backends, TlsFiles } from './backends.ts';

export interface ProxyPod {
  readonly name: string;
  readonly namespace: string;
  readonly podIp: string;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
}

export const CLIENT: ProxyPod = {
  name: 'client',
  namespace: 'shop',
  podIp: '10.244.7.1',
  serviceAccount: 'client',
  labels: { app: 'client', version: 'v1', tier: 'front' },
};

/** Ports of the gateway's service; each is bound at a port above 18,000, since both gateways and all pods share a network. */
export const GATEWAY_PORTS = [80, 443, 8080, 8443, 9000, 8999] as const;

export const GATEWAY = {
  name: 'ingressgateway',
  namespace: 'istio-system',
  podIp: '10.244.7.2',
  serviceAccount: 'ingressgateway',
  labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
  targetPort: (port: number) => 18_000 + port,
} satisfies ProxyPod & { targetPort(port: number): number };

/**
 * A server behind a sidecar, the only one; its program is at `program`. Each side's sidecar listens at an address of its
 * own, since all are in one network: `podIp` under istiod, `ours` here.
 */
export const SERVER = {
  name: 'guarded-v1',
  namespace: 'shop',
  podIp: '10.244.41.1',
  ours: '10.244.41.2',
  program: '10.244.42.1',
  clusterIp: '10.96.1.41',
  serviceAccount: 'guarded',
  labels: { app: 'guarded', version: 'v1', 'security.istio.io/tlsMode': 'istio' },
  ports: [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'http-admin', port: 9090, targetPort: 9090 },
    { name: 'tcp', port: 3306, targetPort: 3306 },
  ],
} satisfies ProxyPod & Pick<ShopService, 'ports' | 'clusterIp'> & Readonly<Record<'ours' | 'program', string>>;

export interface ShopService {
  readonly namespace: string;
  readonly name: string;
  readonly clusterIp: string;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: number }[];
  /** Version → address of its one pod. */
  readonly versions: Readonly<Record<string, string>>;
}

const HTTP_PORTS = [
  { name: 'http', port: 80, targetPort: 8080 },
  { name: 'http-admin', port: 9090, targetPort: 9090 },
];

function httpService(namespace: string, name: string, number: number, versions: readonly string[]): ShopService {
  const addresses = versions.map((version, index) => [version, `10.244.${number}.${index + 1}`]);
  return {
    namespace,
    name,
    clusterIp: `10.96.1.${number}`,
    ports: HTTP_PORTS,
    versions: Object.fromEntries(addresses),
  };
}

/** Where programs are asked about requests; nobody answers at a third port. */
export const AUTHORIZER_PORTS = { http: 8000, grpc: 9000 } as const;

export const SERVICES: readonly ShopService[] = [
  httpService('shop', 'reviews', 11, ['v1', 'v2', 'v3']),
  httpService('shop', 'ratings', 12, ['v1', 'v2']),
  httpService('shop', 'details', 13, ['v1']),
  httpService('shop', 'orders', 16, ['v1']),
  httpService('shop', 'users', 17, ['v1']),
  httpService('billing', 'invoices', 21, ['v1', 'v2']),
  httpService('billing', 'reviews', 22, ['v1']),
  httpService('shop', 'marker', 31, ['v1']),
  {
    ...httpService('shop', 'ledger', 14, ['v1', 'v2']),
    ports: [{ name: 'tcp', port: 3306, targetPort: 3306 }],
  },
  {
    ...httpService('shop', 'vault', 15, ['v1', 'v2']),
    ports: [{ name: 'tls', port: 443, targetPort: 8443 }],
  },
  {
    ...httpService('shop', 'authz', 18, ['v1']),
    ports: [
      { name: 'http', port: 8000, targetPort: AUTHORIZER_PORTS.http },
      { name: 'grpc', port: 9000, targetPort: AUTHORIZER_PORTS.grpc },
      { name: 'http-dead', port: 8001, targetPort: 8001 },
    ],
  },
];

/** Addresses that no service has: what ServiceEntries name. */
export const EXTERNAL: Readonly<Record<string, string>> = { 'external-a': '10.244.9.1', 'external-b': '10.244.9.2' };

/** Names that the proxies' resolver knows. */
export const HOSTS_FILE = Object.entries(EXTERNAL)
  .map(([name, address]) => `${address} ${name}.example.com`)
  .concat('127.0.0.1 localhost', '')
  .join('\n');

export const NAMESPACES = ['shop', 'billing', 'istio-system'];

export function serviceOf(host: string): ShopService {
  const [name = '', namespace = 'shop'] = host.split('.');
  const found = SERVICES.find((service) => service.name === name && service.namespace === namespace);
  if (found === undefined) throw new Error(`no service ${host}`);
  return found;
}

/** The objects of Kubernetes that all this is, as controllers would have written them. */
export function shopObjects(): readonly KubeObject[] {
  return [
    ...NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    GATEWAY_CLASS,
    ...[CLIENT, GATEWAY, SERVER].flatMap((pod) => [
      object('v1', 'ServiceAccount', pod.namespace, pod.serviceAccount, {}),
      podObject(pod.namespace, pod.name, pod.podIp, pod.labels, pod.serviceAccount),
    ]),
    ...NAMESPACES.map((namespace) => object('v1', 'ServiceAccount', namespace, 'default', {})),
    ...MAY_READ_SECRETS,
    ...serviceObjects({
      ...{ namespace: GATEWAY.namespace, name: 'istio-ingressgateway', clusterIp: '10.96.1.2' },
      ports: GATEWAY_PORTS.map((port) => ({ name: `port-${port}`, port, targetPort: GATEWAY.targetPort(port) })),
      selector: GATEWAY.labels,
      endpoints: [{ pod: GATEWAY.name, address: GATEWAY.podIp }],
    }),
    ...serviceObjects({
      ...{ namespace: SERVER.namespace, name: SERVER.labels.app, clusterIp: SERVER.clusterIp, ports: SERVER.ports },
      selector: { app: SERVER.labels.app },
      endpoints: [{ pod: SERVER.name, address: SERVER.podIp }],
    }),
    ...SERVICES.flatMap((service) => {
      const endpoints = Object.entries(service.versions).map(([version, address]) => ({
        pod: `${service.name}-${version}`,
        address,
        labels: { app: service.name, version },
      }));
      return [
        ...endpoints.map(({ pod, address, labels }) => podObject(service.namespace, pod, address, labels, 'default')),
        ...serviceObjects({ ...service, selector: { app: service.name }, endpoints }),
      ];
    }),
  ];
}

const GATEWAY_CLASS: KubeObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GatewayClass',
  metadata: { name: 'istio' },
  spec: { controllerName: 'istio.io/gateway-controller' },
};

/** istiod gives a gateway the certificates that its service account may read itself. */
const MAY_READ_SECRETS: readonly KubeObject[] = [
  object('rbac.authorization.k8s.io/v1', 'Role', GATEWAY.namespace, 'certificates', {
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
  }),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', GATEWAY.namespace, 'certificates', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'certificates' },
    subjects: [{ kind: 'ServiceAccount', name: GATEWAY.serviceAccount, namespace: GATEWAY.namespace }],
  }),
];

function object(apiVersion: string, kind: string, namespace: string, name: string, more: object): KubeObject {
  return { apiVersion, kind, metadata: { namespace, name }, ...more };
}

function podObject(
  namespace: string,
  name: string,
  podIP: string,
  labels: Readonly<Record<string, string>>,
  serviceAccountName: string,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { serviceAccountName, nodeName: 'node', containers: [{ name: 'program', image: 'program' }] },
    status: {
      phase: 'Running',
      podIP,
      podIPs: [{ ip: podIP }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function serviceObjects(service: {
  readonly namespace: string;
  readonly name: string;
  readonly clusterIp: string;
  readonly ports: ShopService['ports'];
  readonly selector: Readonly<Record<string, string>>;
  readonly endpoints: readonly { readonly pod: string; readonly address: string }[];
}): readonly KubeObject[] {
  const { namespace, name, ports } = service;
  return [
    object('v1', 'Service', namespace, name, {
      spec: {
        clusterIP: service.clusterIp,
        ports: ports.map((port) => ({ ...port, protocol: 'TCP' })),
        selector: service.selector,
      },
    }),
    {
      ...object('discovery.k8s.io/v1', 'EndpointSlice', namespace, `${name}-1`, {
        addressType: 'IPv4',
        ports: ports.map(({ name: portName, targetPort }) => ({ name: portName, port: targetPort, protocol: 'TCP' })),
        endpoints: service.endpoints.map(({ pod, address }) => ({
          addresses: [address],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: 'node',
          targetRef: { kind: 'Pod', namespace, name: pod },
        })),
      }),
      metadata: { namespace, name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
    },
  ];
}

/** Starts the programs behind the services, and those that no service has. */
export async function startShop(backends: Backends, files: TlsFiles): Promise<void> {
  for (const { namespace, name, ports, versions } of SERVICES) {
    if (name === 'authz') continue;
    for (const [version, address] of Object.entries(versions)) {
      const backend = `${name}.${namespace} ${version}`;
      for (const { name: portName, targetPort } of ports) {
        if (portName.startsWith('http')) await backends.http(backend, address, targetPort);
        else if (portName === 'tls') await backends.tls(backend, address, targetPort, files);
        else await backends.tcp(backend, address, targetPort);
      }
    }
  }
  for (const { name, targetPort } of SERVER.ports) {
    const kind = name === 'tcp' ? 'tcp' : 'http';
    await backends[kind]('guarded.shop v1', SERVER.program, targetPort);
  }
  for (const [name, address] of Object.entries(EXTERNAL)) {
    await backends.http(name, address, 80);
    await backends.http(name, address, 8080);
    await backends.https(name, address, 8443, files);
    await backends.tls(name, address, 443, files);
    await backends.tcp(name, address, 3306);
  }
}
