import type { Resource } from '@meshwise/resources';
import { asProgram } from './inside.ts';
import type { TestMesh } from './mesh.ts';

/** What the program remembers, in the words of the SMI conformance application. */
export interface Seen {
  readonly ReqReceived: readonly string[];
  readonly RespSucceeded: readonly { readonly URL: string }[];
  readonly RespFailed: readonly { readonly URL: string }[];
}

const PORTS = [
  { name: 'http', port: 9091 },
  { name: 'tcp-bytes', port: 9092 },
];

/** A Deployment `name` with an identity and a Service of its own, in a namespace whose pods have sidecars. */
export function conformanceApp(namespace: string, name: string, labels: Readonly<Record<string, string>> = {}): string {
  const metadata = { namespace, name };
  const all = { app: name, ...labels };
  const container = {
    name,
    image: 'test/conformance:1',
    ports: PORTS.map(({ port }) => ({ containerPort: port })),
    env: [{ name: 'SERVICE_NAME', value: name }],
    readinessProbe: { httpGet: { path: '/healthz', port: 9091 }, periodSeconds: 1 },
  };
  const template = { metadata: { labels: all }, spec: { serviceAccountName: name, containers: [container] } };
  return documents(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: { app: name } }, template },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: name }, ports: PORTS } },
  );
}

export function conformanceNamespace(name: string, labels: Readonly<Record<string, string>> = {}): string {
  const metadata = { name, labels: { 'istio-injection': 'enabled', ...labels } };
  return documents({ apiVersion: 'v1', kind: 'Namespace', metadata });
}

/** JSON is YAML. */
export function documents(...all: readonly object[]): string {
  return all.map((one) => JSON.stringify(one)).join('\n---\n');
}

/** Speaks to the programs of a namespace where they are, so that nothing of the mesh stands between. */
export class Conformance {
  readonly #mesh: TestMesh;
  readonly #namespace: string;

  constructor(mesh: TestMesh, namespace: string) {
    this.#mesh = mesh;
    this.#namespace = namespace;
  }

  url(service: string, path: string): string {
    return `http://${service}.${this.#namespace}.svc.cluster.local:9091${path}`;
  }

  /** Has a program call a service so many times; how many answers had which status. */
  async call(
    from: string,
    to: string,
    options: {
      readonly path?: string;
      readonly method?: string;
      readonly headers?: object;
      readonly count?: number;
    } = {},
  ): Promise<Readonly<Record<string, number>>> {
    const { path = '/echo', method = 'GET', headers = {}, count = 1 } = options;
    const body = JSON.stringify({ url: this.url(to, path), method, headers });
    const script = `(async () => {
      const counts = {};
      for (let done = 0; done < ${count}; done++) {
        const answer = await fetch('http://127.0.0.1:9091/call', { method: 'POST', body: ${JSON.stringify(body)} });
        await answer.text();
        counts[answer.status] = (counts[answer.status] ?? 0) + 1;
      }
      console.log(JSON.stringify(counts));
    })();`;
    return (await this.#inside(from, script)) as Readonly<Record<string, number>>;
  }

  /** What comes back for bytes to the other port: text, or '' when the connection is closed. */
  async sendBytes(from: string, to: string): Promise<string> {
    const host = `${to}.${this.#namespace}.svc.cluster.local`;
    const script = `let said = '';
      const s = require('node:net').connect(9092, '${host}', () => s.write('hello'));
      s.on('data', (d) => { said += d; });
      s.on('error', () => {});
      s.on('close', () => console.log(JSON.stringify(said)));
      s.setTimeout(8000, () => s.destroy());`;
    return (await this.#inside(from, script)) as string;
  }

  async seen(name: string): Promise<Seen> {
    const script = `fetch('http://127.0.0.1:9091/metrics').then((r) => r.text()).then((text) => console.log(text));`;
    return (await this.#inside(name, script)) as Seen;
  }

  async forget(...names: readonly string[]): Promise<void> {
    const script = `fetch('http://127.0.0.1:9091/metrics', { method: 'DELETE' }).then(() => console.log('true'));`;
    await Promise.all(names.map((name) => this.#inside(name, script)));
  }

  async delete(kind: string, ...names: readonly string[]): Promise<void> {
    await this.#mesh.delete(kind, names, this.#namespace);
  }

  list(kind: string): Promise<readonly Resource[]> {
    return this.#mesh.list(kind, this.#namespace);
  }

  async #inside(name: string, script: string): Promise<unknown> {
    const { uid } = await this.#mesh.pod(name, this.#namespace);
    return asProgram(this.#mesh, uid, script);
  }
}
