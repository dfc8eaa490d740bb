import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { type GroupKind, keyOf, type PodStatus, type Resource, type ResourceStore } from '@meshwise/resources';
import { lowestFreeAddress } from '../capture/addresses.ts';
import { type Change, KUBELET_FINALIZER, Source } from '../controllers/index.ts';
import { PodWorker, type PodWorkerOptions } from './pod-worker.ts';
import { isOf } from './program-ids.ts';

const PODS = { group: '', kind: 'Pod' };
const STRAY_GRACE_MS = 5_000;

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
    const uids = list.items.map((pod) => pod.metadata.uid ?? '');
    await this.#endStrays(uids);
    for (const pod of list.items) this.#see(pod);
    this.#follow(PODS, ({ current, previous }) => {
      if (current !== undefined) this.#see(current);
      else if (previous !== undefined) this.#forget(previous);
    });
    for (const kind of ['ConfigMap', 'Secret']) {
      this.#follow({ group: '', kind }, ({ current, previous }) => {
        const changed = current ?? previous;
        if (changed === undefined) return;
        for (const worker of this.#workers.values()) {
          if (worker.namespace === changed.metadata.namespace) worker.sourceChanged(kind, changed.metadata.name);
        }
      });
    }
  }

  /** Programs whose pod went while no daemon ran. */
  async #endStrays(uids: readonly string[]): Promise<void> {
    const { host, logger } = this.#o;
    const strays = host.all().filter(({ id }) => /^(program|probe)-/.test(id) && !uids.some((uid) => isOf(uid, id)));
    await Promise.all(
      strays.map(async (handle) => {
        logger.warn('program of a pod that is gone', { process: handle.id });
        await host.stop(handle, STRAY_GRACE_MS);
      }),
    );
  }

  #follow(kind: GroupKind, onChange: (change: Change) => void): void {
    const source = new Source(kind, this.#o.store, this.#clock, this.#logger);
    source.subscribe(onChange);
    source
      .run(this.#stopping.signal)
      .catch((error: unknown) =>
        this.#logger.error('a kind is no longer followed', { kind: kind.kind, error: String(error) }),
      );
  }

  /** Leaves all programs and proxies running. */
  stop(): void {
    this.#stopping.abort(new Error('stopped'));
    for (const worker of this.#workers.values()) worker.detach();
  }

  programPids(podUid: string): readonly number[] {
    return this.#workers.get(podUid)?.programPids ?? [];
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
}
