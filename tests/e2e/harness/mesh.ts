import { chmod, chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ApplyResponse, PodView, ProxyView, StatusView, WorkloadView } from '@meshwise/api';
import { PATHS } from '@meshwise/api';
import { systemClock } from '@meshwise/core';
import { cleanUp } from '@meshwise/platform';
import type { Resource } from '@meshwise/resources';
import { DaemonProcess } from './daemon.ts';
import { eventually } from './eventually.ts';
import { type Answer, send } from './http.ts';
import { noteTraces, type Traces } from './leftovers.ts';
import { NOBODY_ID } from './machine.ts';

export interface MeshOptions {
  readonly capture: 'netns' | 'loopback';
  readonly sample: 'none' | 'bookinfo';
  /** Everything as an unprivileged user; needs root to become one. */
  readonly asNobody?: boolean;
  /** The Envoy that the first daemon is configured with; the machine's own when absent. */
  readonly envoy?: string;
}

const READY_MS = 90_000;

/** A mesh of its own on this machine: fresh state, free ports, started and stopped as a user would. */
export class TestMesh {
  readonly #options: MeshOptions;
  readonly directory: string;
  readonly apiPort: number;
  readonly gatewayPort: number;
  #daemon: DaemonProcess | undefined;

  private constructor(options: MeshOptions, directory: string, ports: readonly [number, number]) {
    this.#options = options;
    this.directory = directory;
    [this.apiPort, this.gatewayPort] = ports;
  }

  /** Prepares the state directory and starts the daemon on it. */
  static async start(options: MeshOptions, prepare?: (mesh: TestMesh) => Promise<void>): Promise<TestMesh> {
    // Short, since the paths of Unix sockets are.
    const directory = await mkdtemp('/tmp/mw-');
    await chmod(directory, 0o755);
    if (options.asNobody === true) await chown(directory, NOBODY_ID, NOBODY_ID);
    const mesh = new TestMesh(options, directory, [await freePort(), await freePort()]);
    await prepare?.(mesh);
    await mesh.startDaemon(options.envoy);
    return mesh;
  }

  get home(): string {
    return join(this.directory, 'h');
  }
  get api(): string {
    return `http://127.0.0.1:${this.apiPort}`;
  }
  get gateway(): string {
    return `http://127.0.0.1:${this.gatewayPort}`;
  }
  get daemonPid(): number {
    return this.#daemon?.pid ?? 0;
  }

  /** A daemon on this mesh's state that nobody waits for; `change` differs from the mesh's own request. */
  spawnDaemon(
    change: { home?: string; apiPort?: number; gatewayPort?: number; asNobody?: boolean; envoy?: string } = {},
  ): DaemonProcess {
    const asNobody = change.asNobody ?? this.#options.asNobody ?? false;
    return new DaemonProcess({
      request: {
        home: change.home ?? this.home,
        capture: this.#options.capture,
        sample: this.#options.sample,
        gatewayPort: change.gatewayPort ?? this.gatewayPort,
        apiPort: change.apiPort ?? this.apiPort,
      },
      logPath: join(this.directory, 'daemon.log'),
      asNobody,
      ...(change.envoy === undefined ? {} : { envoy: change.envoy }),
      ...(asNobody ? { userDirectory: this.directory, envoy: join(this.directory, 'envoy') } : {}),
    });
  }

  async startDaemon(envoy?: string): Promise<void> {
    this.#daemon = this.spawnDaemon(envoy === undefined ? {} : { envoy });
    await this.#daemon.untilListening();
  }

  async killDaemon(): Promise<void> {
    await this.#daemon?.kill();
    this.#daemon = undefined;
  }

  /** Waits until the mesh calls itself ready; with a sample, its page answers too. */
  async untilReady(): Promise<StatusView> {
    return eventually(async () => {
      const status = await this.status();
      if (status.state !== 'ready') throw new Error(`the mesh is not ready: ${troubles(status)}`);
      if (this.#options.sample === 'bookinfo') {
        const { status: code } = await send(`${this.gateway}/productpage`);
        if (code !== 200) throw new Error(`the product page answers ${code}`);
      }
      return status;
    }, READY_MS).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${await this.#logs()}`);
    });
  }

  /** The ends of all logs that a proxy or the daemon has written. */
  async #logs(): Promise<string> {
    const files = [join(this.directory, 'daemon.log')];
    for (const file of await readdir(join(this.home, 'log'), { recursive: true })) {
      if (file.includes('istio-proxy')) files.push(join(this.home, 'log', file));
    }
    const ends = await Promise.all(
      files.map(async (file) => [file, (await readFile(file, 'utf8')).slice(-3_000)] as const),
    );
    return ends.map(([file, end]) => (end === '' ? '' : `--- ${file}\n${end}`)).join('\n');
  }

  async request(method: string, path: string, body?: unknown): Promise<Answer> {
    const token = (await readFile(join(this.home, 'token'), 'utf8')).trim();
    return send(`${this.api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async status(): Promise<StatusView> {
    return JSON.parse((await this.request('GET', PATHS.status)).body) as StatusView;
  }

  /** Applies YAML; everything in it must be accepted. */
  async apply(...texts: readonly string[]): Promise<ApplyResponse> {
    const files = texts.map((text, index) => ({ name: `${index}.yaml`, text }));
    const { status, body } = await this.request('POST', PATHS.apply, { files, force: true });
    const answer = JSON.parse(body) as ApplyResponse;
    if (status !== 200 || answer.problems.some((problem) => problem.severity === 'error')) throw new Error(body);
    return answer;
  }

  async delete(kind: string, names: readonly string[], namespace = 'default'): Promise<void> {
    const { status, body } = await this.request('POST', PATHS.delete, { kind, names, namespace });
    if (status !== 200) throw new Error(body);
  }

  async list(kind: string, namespace?: string): Promise<readonly Resource[]> {
    const where = namespace === undefined ? '' : `&namespace=${namespace}`;
    const { status, body } = await this.request('GET', `${PATHS.resources}?kind=${kind}${where}`);
    if (status !== 200) throw new Error(body);
    return (JSON.parse(body) as { items: Resource[] }).items;
  }

  async workload(name: string, namespace = 'default'): Promise<WorkloadView> {
    const found = (await this.status()).workloads.find((one) => one.name === name && one.namespace === namespace);
    if (found === undefined) throw new Error(`there is no workload ${namespace}/${name}`);
    return found;
  }

  async proxy(workload: string): Promise<ProxyView> {
    const found = (await this.status()).proxies.find((proxy) => proxy.workload === workload);
    if (found === undefined) throw new Error(`there is no proxy of ${workload}`);
    return found;
  }

  /** The only pod of a workload that is not on its way out, with its uid. */
  async pod(workload: string, namespace = 'default'): Promise<PodView & { uid: string }> {
    const pods = (await this.workload(workload, namespace)).pods.filter((pod) => !pod.terminating);
    const [view] = pods;
    if (view === undefined || pods.length > 1) throw new Error(`${workload} has ${pods.length} pods`);
    const resource = (await this.list('pods', namespace)).find((pod) => pod.metadata.name === view.name);
    return { ...view, uid: resource?.metadata.uid ?? '' };
  }

  /** Pids by the ids under which the daemon keeps its processes. */
  async traces(): Promise<Traces> {
    return noteTraces(this.home);
  }

  /** As a user would end it; afterwards nothing may run. */
  async shutDown(): Promise<void> {
    const daemon = this.#daemon;
    this.#daemon = undefined;
    if (daemon === undefined) return;
    const { status } = await this.request('POST', PATHS.shutdown);
    if (status !== 202) throw new Error(`shutdown answered ${status}`);
    await daemon.exited;
  }

  /** Whatever a failed test left. */
  async dispose(): Promise<void> {
    await this.killDaemon();
    await cleanUp({ home: this.home, graceMs: 0, clock: systemClock });
    await rm(this.directory, { recursive: true, force: true });
  }
}

function troubles(status: StatusView): string {
  const workloads = status.workloads.filter(({ health }) => health === 'failing' || health === 'degraded');
  const proxies = status.proxies.filter(({ synced }) => !synced);
  return [
    status.state,
    ...workloads.map(({ name, reason }) => `${name}: ${reason}`),
    ...proxies.map(({ workload, reason }) => `proxy of ${workload}: ${reason}`),
  ].join('; ');
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
