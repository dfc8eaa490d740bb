import type { RunRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { completePlan, type LaunchWorker, type LoadPlan, type PlanOptions } from '@meshwise/load';
import type { PathVariant, PreparedExperiment } from '@meshwise/performance';
import type { PodSandbox } from '@meshwise/platform';
import { blockLoad } from './block-load.ts';
import { guestPlaces, type MeasuringContext } from './context.ts';
import type { LoadClient } from './load-client.ts';
import { launchInside } from './places.ts';
import type { ServerPod } from './server-pod.ts';

/** What is compared: the same requests to a service, by three ways. */
export interface Compared {
  readonly load: RunRequest['load'];
  readonly blockMs: number;
  /** The service as a client in the mesh calls it. */
  readonly url: URL;
  /** The first is asked alone where there is no client's sidecar that could choose. */
  readonly pods: readonly [ServerPod, ...ServerPod[]];
  readonly client: LoadClient;
  readonly plan: PlanOptions;
}

/** Plan, place and participants of each way. */
export class MeshComparison {
  readonly #compared: Compared;
  readonly #context: MeasuringContext;

  constructor(compared: Compared, context: MeasuringContext) {
    this.#compared = compared;
    this.#context = context;
  }

  planOf(variant: PathVariant): LoadPlan {
    const { load, blockMs, url, plan } = this.#compared;
    return completePlan(blockLoad(load, blockMs, url.host), this.#urlOf(variant), plan);
  }

  /**
   * Without sidecars: in the network of the server's pod, where its program is reached as its sidecar reaches it. With the server's: where
   * the proxies listen, without one in front. With both: in the network of a pod of the mesh.
   */
  launcherOf(variant: PathVariant): LaunchWorker {
    const { client } = this.#compared;
    const places: Record<PathVariant, () => Promise<PodSandbox | 'mesh'>> = {
      none: () => this.#serverSandbox(),
      server: async () => 'mesh',
      both: () => client.sandbox(),
    };
    return launchInside(places[variant], guestPlaces(this.#context));
  }

  onPath(variant: PathVariant): ReturnType<PreparedExperiment['onPath']> {
    const { pods, client } = this.#compared;
    const asked = (variant === 'both' ? pods : pods.slice(0, 1)).map(({ namespace, name }) => `${namespace}/${name}`);
    const own = `${client.pod.namespace}/${client.pod.name}`;
    const sidecars = { none: [], server: asked, both: [own, ...asked] };
    return { applications: asked, sidecars: sidecars[variant] };
  }

  #urlOf(variant: PathVariant): string {
    const { url, pods } = this.#compared;
    const [{ ip, port }] = pods;
    if (variant === 'both') return url.href;
    const host = variant === 'none' ? '127.0.0.1' : ip;
    return `http://${host}:${port}${url.pathname}${url.search}`;
  }

  async #serverSandbox(): Promise<PodSandbox> {
    const [{ namespace, name, ip, uid }] = this.#compared.pods;
    const { store, capture } = this.#context.mesh;
    const pod = await store.get({ group: '', kind: 'Pod', namespace, name });
    // The network of a pod that has gone would be made anew, and nobody would take it away.
    if (pod?.metadata.uid !== uid) throw new MeshwiseError('MW8006', `pod ${namespace}/${name} is not there any more`);
    return capture.createPod({ uid, namespace, name, podIp: ip });
  }
}
