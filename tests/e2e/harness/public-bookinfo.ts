const TAG = '1.20.3';
const WORKLOADS: readonly (readonly [service: string, version: string])[] = [
  ['details', 'v1'],
  ['ratings', 'v1'],
  ['reviews', 'v1'],
  ['reviews', 'v2'],
  ['reviews', 'v3'],
  ['productpage', 'v1'],
];

/** BookInfo as the public manifest has it: by its image names, with a Java server's folders as volumes. */
export function publicBookinfo(): string {
  const services = [...new Set(WORKLOADS.map(([service]) => service))];
  return [...services.flatMap(serviceAndAccount), ...WORKLOADS.map(deployment)].map(text).join('\n---\n');
}

/** The way in, on port 80 and by the API version that the public file names. */
export function publicGateway(): string {
  const gateway = {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'Gateway',
    metadata: { name: 'bookinfo-gateway' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    },
  };
  const virtualService = {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'VirtualService',
    metadata: { name: 'bookinfo' },
    spec: {
      hosts: ['*'],
      gateways: ['bookinfo-gateway'],
      http: [
        {
          match: [{ uri: { exact: '/productpage' } }, { uri: { prefix: '/static' } }],
          route: [{ destination: { host: 'productpage', port: { number: 9080 } } }],
        },
      ],
    },
  };
  return [gateway, virtualService].map(text).join('\n---\n');
}

function serviceAndAccount(name: string): readonly object[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels: { app: name, service: name } },
      spec: { ports: [{ port: 9080, name: 'http' }], selector: { app: name } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: `bookinfo-${name}`, labels: { account: name } } },
  ];
}

function deployment([service, version]: readonly [string, string]): object {
  const labels = { app: service, version };
  const folders: Readonly<Record<string, string>> =
    service === 'reviews' ? { tmp: '/tmp', 'wlp-output': '/opt/ibm/wlp/output' } : {};
  const container = {
    name: service,
    image: `docker.io/istio/examples-bookinfo-${service}-${version}:${TAG}`,
    imagePullPolicy: 'IfNotPresent',
    env: service === 'reviews' ? [{ name: 'LOG_DIR', value: '/tmp/logs' }] : [],
    ports: [{ containerPort: 9080 }],
    volumeMounts: Object.entries(folders).map(([name, mountPath]) => ({ name, mountPath })),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `${service}-${version}`, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: `bookinfo-${service}`,
          containers: [container],
          volumes: Object.keys(folders).map((name) => ({ name, emptyDir: {} })),
        },
      },
    },
  };
}

function text(value: object): string {
  return JSON.stringify(value);
}
