import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { Pki } from './pki.ts';

/** As much of a Kubernetes object as the client looks at. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** Kubernetes' own error, with the API server's words. */
export class KubeApiError extends Error {
  readonly status: number;

  constructor(what: string, answer: ApiAnswer) {
    super(`${what}: ${answer.status} ${messageOf(answer.body)}`);
    this.status = answer.status;
  }
}

/** Just enough of a Kubernetes client, with kept connections: thousands of objects a second matter more than comfort. */
export class KubeApi {
  readonly #agent: Agent;
  readonly #url: string;

  constructor(apiserverUrl: string, pki: Pki) {
    this.#url = apiserverUrl;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 8,
      ca: readFileSync(pki.ca),
      cert: readFileSync(pki.admin.certificate),
      key: readFileSync(pki.admin.key),
    });
  }

  /** Server-side apply by one field manager; the object as the server has it then. */
  async apply(object: KubeObject): Promise<KubeObject> {
    const path = `${objectPath(object)}?fieldManager=meshwise-tests&force=true`;
    return this.#ask('PATCH', path, object, 'application/apply-patch+yaml');
  }

  /** Applies the `status` subresource: a pod's address is there. */
  async applyStatus(object: KubeObject): Promise<KubeObject> {
    const path = `${objectPath(object)}/status?fieldManager=meshwise-tests&force=true`;
    return this.#ask('PATCH', path, object, 'application/apply-patch+yaml');
  }

  async delete(object: KubeObject): Promise<void> {
    const answer = await this.send('DELETE', objectPath(object));
    if (answer.status >= 300 && answer.status !== 404) throw new KubeApiError(`delete ${nameOf(object)}`, answer);
  }

  async get(path: string): Promise<KubeObject> {
    return this.#ask('GET', path);
  }

  /** A bound token of a service account (TokenRequest). */
  async token(namespace: string, serviceAccount: string, audience: string): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
    const spec = { audiences: [audience], expirationSeconds: 7200 };
    const answer = await this.#ask('POST', path, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec,
    });
    return (answer['status'] as { readonly token: string }).token;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask(method: string, path: string, body?: unknown, type = 'application/json'): Promise<KubeObject> {
    const answer = await this.send(method, path, body, type);
    if (answer.status >= 300) throw new KubeApiError(`${method} ${path}`, answer);
    return JSON.parse(answer.body) as KubeObject;
  }

  send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<ApiAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const headers = text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) };
      const outgoing = request(`${this.#url}${path}`, { method, agent: this.#agent, headers }, (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          answer += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: answer }));
        response.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  }
}

const CLUSTER_WIDE = new Set([
  ...['Namespace', 'Node', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding', 'GatewayClass'],
]);

/** Where an object is in Kubernetes' API. Its kinds form their plurals regularly, but for those in `s` and `y`. */
export function objectPath({ apiVersion, kind, metadata }: KubeObject): string {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = CLUSTER_WIDE.has(kind) ? '' : `/namespaces/${metadata.namespace ?? 'default'}`;
  return `${base}${namespace}/${pluralOf(kind)}/${metadata.name}`;
}

function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name === 'endpoints') return name;
  if (/(s|x)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function messageOf(body: string): string {
  try {
    return String((JSON.parse(body) as { readonly message?: unknown }).message ?? body);
  } catch {
    return body;
  }
}
