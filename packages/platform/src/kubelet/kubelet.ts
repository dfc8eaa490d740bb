import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { keyOf, type PodStatus, type Resource, type ResourceStore } from '@meshwise/resources';
import { lowestFreeAddress } from '../capture/addresses.ts';
import { KUBELET_FINALIZER } from '../controllers/index.ts';
import { PodWorker, type PodWorkerOptions } from './pod-worker.ts';

const PODS = { group: '', kind: 'Pod' };

export interface KubeletOptions extends Omit<PodWorkerOptions, 'writeStatus' | 'release' | 'volumeSources'> {
  readonly store: ResourceStore;
}

/** Runs the pods of the store as processes of this machine: a kubelet without containers. */
export class Kubelet {
  readonly #o: KubeletOptions;
  readonly #workers = new Map<string, PodWorker>();
  readonly #addresses = new Set<string>();
  readonly #stopping = new AbortController();

  constructor(options: KubeletOptions) {
    this.#o = options;
  }

  get #clock(): Clock {
    return this.#o.clock;
  }
  get #logger(): Logger {
    return this.#o.logger;
  }

  /** Takes up every pod that is stored, then follows changes until `stop`. Resolves when all known pods have a worker. */
  async start(): Promise<void> {
    const list = await this.#o.store.list(PODS);
    for (const pod of list.items) {
      const podIp = (pod.status as PodStatus | undefined)?.podIP;
      if (podIp !== undefined) this.#addresses.add(podIp);
    }
    for (const pod of list.items) this.#see(pod);
    this.#follow(list.resourceVersion).catch((error: unknown) =>
      this.#logger.error('pods are no longer followed', { error: String(error) }),
    );
    this.#followVolumes('ConfigMap');
    this.#followVolumes('Secret');
  }

  /** Leaves all programs and proxies running. */
  stop(): void {
    this.#stopping.abort(new Error('stopped'));
    for (const worker of this.#workers.values()) worker.detach();
  }

  programPids(podUid: string): readonly number[] {
    return this.#workers.get(podUid)?.programPids ?? [];
  }

  async #follow(resourceVersion: string): Promise<void> {
    let from = resourceVersion;
    while (!this.#stopping.signal.aborted) {
      try {
        for await (const event of this.#o.store.watch(PODS, { resourceVersion: from, signal: this.#stopping.signal })) {
          if (event.type === 'BOOKMARK') from = event.resourceVersion;
          else {
            from = event.resource.metadata.resourceVersion ?? from;
            if (event.type === 'DELETED') this.#forget(event.resource);
            else this.#see(event.resource);
          }
        }
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        if (MeshwiseError.from(error).code !== 'MW2003') throw error;
        const list = await this.#o.store.list(PODS);
        from = list.resourceVersion;
        for (const pod of list.items) this.#see(pod);
      }
    }
  }

  #see(pod: Resource): void {
    const uid = pod.metadata.uid ?? '';
    const known = this.#workers.get(uid);
    if (known !== undefined) {
      known.update(pod);
      return;
    }
    // A pod without the finalizer has not been admitted yet: whether it gets a sidecar is not decided.
    if (pod.metadata.finalizers?.includes(KUBELET_FINALIZER) !== true) return;
    const stored = (pod.status as PodStatus | undefined)?.podIP;
    const podIp = stored ?? lowestFreeAddress(this.#o.capture.podCidr, this.#addresses);
    if (podIp === undefined) {
      this.#logger.error('no pod address is left', { pod: pod.metadata.name });
      return;
    }
    this.#addresses.add(podIp);
    const worker = new PodWorker(pod, podIp, {
      ...this.#o,
      volumeSources: (namespace) => ({
        configMap: (name) => this.#o.store.get({ group: '', kind: 'ConfigMap', namespace, name }),
        secret: (name) => this.#o.store.get({ group: '', kind: 'Secret', namespace, name }),
      }),
      writeStatus: (target, status) => this.#writeStatus(target, status),
      release: (target) => this.#release(target),
    });
    this.#workers.set(uid, worker);
    worker.start();
    worker.update(pod);
  }

  #forget(pod: Resource): void {
    const worker = this.#workers.get(pod.metadata.uid ?? '');
    if (worker === undefined) return;
    this.#workers.delete(pod.metadata.uid ?? '');
    worker.update({
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: pod.metadata.deletionTimestamp ?? 'now' },
    });
    worker.ended().finally(() => this.#addresses.delete(worker.podIp));
  }

  /** Reads before writing: the status is ours alone, the rest of the object is not. */
  async #writeStatus(pod: Resource, status: PodStatus): Promise<Resource | undefined> {
    for (;;) {
      const current = await this.#o.store.get(keyOf(pod));
      if (current === undefined || current.metadata.uid !== pod.metadata.uid) return undefined;
      try {
        return await this.#o.store.updateStatus({ ...current, status });
      } catch (error) {
        const { code } = MeshwiseError.from(error);
        if (code === 'MW2001') return undefined;
        if (code !== 'MW2002') throw error;
      }
    }
  }

  async #release(pod: Resource): Promise<void> {
    for (;;) {
      const current = await this.#o.store.get(keyOf(pod));
      if (current === undefined || current.metadata.uid !== pod.metadata.uid) return;
      const finalizers = (current.metadata.finalizers ?? []).filter((entry) => entry !== KUBELET_FINALIZER);
      try {
        await this.#o.store.update({ ...current, metadata: { ...current.metadata, finalizers } });
        return;
      } catch (error) {
        const { code } = MeshwiseError.from(error);
        if (code === 'MW2001') return;
        if (code !== 'MW2002') throw error;
        await this.#clock.sleep(10);
      }
    }
  }

  /** Pods mount ConfigMaps and Secrets live, so a change of one refreshes the pods of its namespace. */
  #followVolumes(kind: string): void {
    const run = async () => {
      const { resourceVersion } = await this.#o.store.list({ group: '', kind });
      for await (const event of this.#o.store.watch(
        { group: '', kind },
        { resourceVersion, signal: this.#stopping.signal },
      )) {
        if (event.type === 'BOOKMARK') continue;
        const pods = await this.#o.store.list(PODS, { namespace: event.resource.metadata.namespace ?? '' });
        for (const pod of pods.items) this.#workers.get(pod.metadata.uid ?? '')?.update(pod);
      }
    };
    run().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted)
        this.#logger.error('volumes are no longer followed', { kind, error: String(error) });
    });
  }
}
