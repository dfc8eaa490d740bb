export interface AppOptions {
  readonly namespace?: string;
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly readinessProbe?: unknown;
  readonly volumes?: unknown;
  readonly volumeMounts?: unknown;
}

/** A Deployment of one of this folder's programs, its Service, and a way in by the host `<name>.test`. */
export function app(name: string, options: AppOptions = {}): string {
  const { namespace = 'default', image = 'test/app:1', env = {}, readinessProbe, volumes, volumeMounts } = options;
  const metadata = { name, namespace };
  const labels = { app: name };
  const container = {
    name,
    image,
    ports: [{ containerPort: 8080 }],
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    ...(readinessProbe === undefined ? {} : { readinessProbe }),
    ...(volumeMounts === undefined ? {} : { volumeMounts }),
  };
  const template = {
    metadata: { labels },
    spec: { containers: [container], ...(volumes === undefined ? {} : { volumes }) },
  };
  const documents: unknown[] = [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: 8080 }] },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: `way-to-${name}`, namespace },
      spec: {
        hosts: [`${name}.test`],
        gateways: ['default/bookinfo-gateway'],
        http: [{ route: [{ destination: { host: name, port: { number: 8080 } } }] }],
      },
    },
  ];
  return documents.map((document) => JSON.stringify(document)).join('\n---\n');
}
