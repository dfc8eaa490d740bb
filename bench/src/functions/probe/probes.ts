import type { Client } from '../../../../apps/cli/src/client/client.ts';
import type { LocalMesh } from '../../mesh/local-mesh.ts';
import { type AdminAddress, adminOf, parseStats, readAdmin } from './envoy-admin.ts';
import { OUTSIDER, PROBE } from './manifests.ts';
import type { Answer, Question, Seen } from './program.ts';

/** What is measured, and asked to see whether a function is on. */
export const HOST = 'details.default.svc.cluster.local';
export const DETAILS = `http://${HOST}:9080/details/0`;
/** Begins the names of its cluster's statistics. */
export const CLUSTER = `cluster.outbound|9080||${HOST};`;

/** Ways to see from outside what a mesh does. */
export class Probes {
  readonly #mesh: LocalMesh;
  readonly #client: Client;
  readonly #admins = new Map<string, AdminAddress>();

  constructor(mesh: LocalMesh, client: Client) {
    this.#mesh = mesh;
    this.#client = client;
  }

  /** Asks from within the mesh: through a sidecar that has the same configuration as that of the load. */
  ask(question: Partial<Question> = {}): Promise<readonly Answer[]> {
    return this.#call(PROBE, 'call', { url: DETAILS, ...question });
  }

  async askOnce(headers: Readonly<Record<string, string>> = {}, url = DETAILS): Promise<Answer> {
    const [answer] = await this.ask({ headers, url });
    return answer ?? { status: 0, headers: {} };
  }

  /** Asks from a pod without a sidecar. */
  async askPlainly(): Promise<Answer> {
    const [answer] = await this.#call<readonly Answer[]>(OUTSIDER, 'call', { url: DETAILS });
    return answer ?? { status: 0, headers: {} };
  }

  /** How often others have sent something to this path of the probe. */
  async seen(path: string): Promise<number> {
    return new Map(await this.#call<Seen>(PROBE, 'seen')).get(path) ?? 0;
  }

  /** Statistics of the sidecar of a pod whose name begins so. */
  async stats(pod: string, begin: string): Promise<ReadonlyMap<string, number>> {
    const text = await readAdmin(await this.#admin(pod), '/stats');
    return new Map([...parseStats(text)].filter(([name]) => name.startsWith(begin)));
  }

  /** What the sidecar itself says that it was told, as text. */
  async configuration(pod: string, query = ''): Promise<string> {
    return JSON.stringify(JSON.parse(await readAdmin(await this.#admin(pod), `/config_dump${query}`)));
  }

  /** Last lines that the probe's sidecar has written. */
  async sidecarLog(): Promise<readonly string[]> {
    const lines: string[] = [];
    const query = { namespace: 'default', pod: PROBE, container: 'istio-proxy', tailLines: 20 };
    for await (const line of this.#client.logs(query)) lines.push(line);
    return lines;
  }

  async #admin(pod: string): Promise<AdminAddress> {
    const known = this.#admins.get(pod);
    if (known !== undefined) return known;
    for (const [id, pid] of await this.#mesh.processes()) {
      if (!id.startsWith('envoy-')) continue;
      const admin = await adminOf(pid);
      if (admin.nodeId.split('~')[2]?.startsWith(pod) !== true) continue;
      this.#admins.set(pod, admin);
      return admin;
    }
    throw new Error(`no sidecar of a pod called ${pod}… runs`);
  }

  async #call<Result>(host: string, path: string, body?: unknown): Promise<Result> {
    const response = await fetch(new URL(`/${host}/${path}`, this.#mesh.url), {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    if (!response.ok) throw new Error(`${host} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
    return (await response.json()) as Result;
  }
}
