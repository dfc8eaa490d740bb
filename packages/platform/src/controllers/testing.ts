import { ManualClock } from '@meshwise/core';
import { GarbageCollector, keyOf, type Resource } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { podAdmitter } from '../injection/admit-pod.ts';
import { platformControllers } from './platform-controllers.ts';
import { timestamp, withCondition } from './support/conditions.ts';
import { POD, type Pod } from './support/kinds.ts';
import { isControlledBy, isDeleting } from './support/ownership.ts';
import { isReady, KUBELET_FINALIZER } from './support/pods.ts';

/** Bookmarks are of no use here, and time that is pushed on by minutes would bring many. */
const NEVER_MS = 1e12;

/**
 * The controllers over a real store, with time that stands still and a kubelet that does what the test says. For tests
 * only. `settle` lets everything happen that can happen without time passing beyond a few milliseconds.
 */
export class TestPlatform {
  readonly clock = new ManualClock(Date.UTC(2026, 0, 1));
  readonly store: SqliteResourceStore;
  readonly group: ReturnType<typeof platformControllers>;
  readonly #stopping = new AbortController();
  readonly #running: Promise<unknown>;
  readonly #collector: GarbageCollector;
  #addresses = 0;

  constructor(path = ':memory:') {
    this.store = new SqliteResourceStore({ path, clock: this.clock, bookmarkIntervalMs: NEVER_MS });
    this.#collector = new GarbageCollector({ store: this.store, clock: this.clock });
    let drawn = 0;
    this.group = platformControllers({
      store: this.store,
      clock: this.clock,
      // Names need to differ, not to be unforeseeable.
      random: () => ((drawn++ * 7919) % 104729) / 104729,
      admit: podAdmitter(this.store),
    });
    this.#running = this.group.run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('test is over'));
    await this.#running;
    this.store.close();
  }

  async settle(): Promise<void> {
    do {
      let idle = false;
      const waiting = this.group.whenIdle().finally(() => {
        idle = true;
      });
      while (!idle) {
        // Time passes by what a retry needs, so that writers that met each other can go on.
        await new Promise((resolve) => setImmediate(resolve));
        if (this.group.health().some(({ failing }) => failing.length > 0)) await this.clock.advance(1);
      }
      await waiting;
    } while ((await this.#collector.collect()) > 0);
  }

  async apply(...resources: readonly Resource[]): Promise<void> {
    for (const resource of resources) await this.store.apply(resource, { fieldManager: 'test', force: true });
    await this.settle();
  }

  async get<T extends Resource>(kind: string, name: string, namespace = 'default'): Promise<T | undefined> {
    const group = ['Deployment', 'ReplicaSet', 'StatefulSet', 'ControllerRevision'].includes(kind) ? 'apps' : '';
    return (await this.store.get({ group, kind, namespace, name })) as T | undefined;
  }

  async pods(namespace = 'default'): Promise<readonly Pod[]> {
    return (await this.store.list(POD, { namespace })).items as readonly Pod[];
  }

  async podsOf(owner: Resource): Promise<readonly Pod[]> {
    return (await this.pods(owner.metadata.namespace)).filter((pod) => isControlledBy(pod, owner));
  }

  /** Gives a pod an address and makes it ready or not, as a kubelet's probes would. */
  async setReady(pod: Pod, ready: boolean): Promise<void> {
    const current = (await this.store.get(keyOf(pod))) as Pod | undefined;
    if (current === undefined || isReady(current) === ready) return;
    const podIP = current.status?.podIP ?? `192.0.2.${++this.#addresses % 256}`;
    const now = timestamp(this.clock.nowMs());
    const conditions = withCondition(
      current.status?.conditions,
      { type: 'Ready', status: ready ? 'True' : 'False' },
      now,
    );
    await this.store.updateStatus({ ...current, status: { ...current.status, phase: 'Running', podIP, conditions } });
  }

  /** Lets pods that are being deleted go. Answers how many. */
  async endDeleted(): Promise<number> {
    const ending = (await this.store.list(POD)).items.filter(isDeleting);
    for (const pod of ending) {
      const finalizers = (pod.metadata.finalizers ?? []).filter((name) => name !== KUBELET_FINALIZER);
      await this.store.update({ ...pod, metadata: { ...pod.metadata, finalizers } });
    }
    return ending.length;
  }

  /** Starts every pod and ends every deleted one until nothing changes any more. */
  async runKubelet(): Promise<void> {
    for (;;) {
      await this.settle();
      const waiting = ((await this.store.list(POD)).items as readonly Pod[]).filter(
        (pod) => !isDeleting(pod) && !isReady(pod),
      );
      for (const pod of waiting) await this.setReady(pod, true);
      if ((await this.endDeleted()) + waiting.length === 0) return;
    }
  }
}

/** A pod template with one container. */
export function template(labels: Readonly<Record<string, string>>, image = 'meshwise/example:v1') {
  return {
    metadata: { labels },
    spec: { containers: [{ name: 'main', image, ports: [{ name: 'http', containerPort: 9080 }] }] },
  };
}

export function namespaceNamed(name: string, labels: Readonly<Record<string, string>> = {}): Resource {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export function workload(kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet', name: string, spec: object): Resource {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'default' },
    spec: { selector: { matchLabels: labels }, template: template(labels), ...spec },
  };
}

export function serviceNamed(name: string, spec: object): Resource {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec };
}
