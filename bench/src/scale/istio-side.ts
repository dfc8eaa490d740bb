import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '@meshwise/resources';
import { startIstiod } from '../../../tools/cluster/istiod.ts';
import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import { Processes } from '../../../tools/cluster/processes.ts';
import { type Cluster, startCluster } from '../../../tools/cluster/start-cluster.ts';
import type { Target } from './messages.ts';
import type { ScaleMesh } from './objects.ts';
import type { Side } from './side.ts';

export const ISTIOD = 'istiod';

/** Its default on two cores lets 25 proxies a second connect, which measures a limit and no work. */
const ISTIOD_ENVIRONMENT = { PILOT_MAX_REQUESTS_PER_SECOND: '1000' };

/** The API server with everything in it, and an istiod that has read it. */
export async function startIstio(mesh: ScaleMesh, directory: string, log: (text: string) => void): Promise<IstioSide> {
  const cluster = await startCluster({ directory, istiodEnvironment: ISTIOD_ENVIRONMENT, onProgress: log });
  await applyAll(cluster, mesh.resources);
  return new IstioSide(cluster, directory);
}

async function applyAll(cluster: Cluster, resources: readonly Resource[]): Promise<void> {
  const isNamespace = ({ kind }: Resource) => kind === 'Namespace';
  for (const some of [resources.filter(isNamespace), resources.filter((resource) => !isNamespace(resource))]) {
    await Promise.all(some.map((resource) => cluster.api.apply(resource as KubeObject)));
  }
}

export class IstioSide implements Side {
  readonly name = ISTIOD;
  readonly #cluster: Cluster;
  readonly #directory: string;
  readonly #later: Processes[] = [];
  #istiod: Cluster['istiod'];

  constructor(cluster: Cluster, directory: string) {
    this.#cluster = cluster;
    this.#directory = directory;
    this.#istiod = cluster.istiod;
  }

  get pid(): number {
    return this.#istiod.pid;
  }

  get target(): Target {
    const [host = '', port] = this.#istiod.grpcAddress.split(':');
    return { host, port: Number(port) };
  }

  apply(resources: readonly Resource[]): Promise<void> {
    return applyAll(this.#cluster, resources);
  }

  /** Ends istiod and starts another one, which finds everything there. */
  async restart(): Promise<void> {
    await this.end();
    const { binaries, kubeconfig, api } = this.#cluster;
    const processes = new Processes(this.#directory);
    this.#later.push(processes);
    this.#istiod = await startIstiod(processes, {
      ...{ directory: this.#directory, binaries, kubeconfigPath: kubeconfig, api },
      istiodEnvironment: ISTIOD_ENVIRONMENT,
    });
  }

  async end(): Promise<void> {
    const { pid } = this.#istiod;
    if (!isRunning(pid)) return;
    process.kill(pid, 'SIGKILL');
    while (isRunning(pid)) await sleep(20);
  }

  async stop(): Promise<void> {
    for (const processes of this.#later) await processes.stop();
    await this.#cluster.stop();
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
