import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { Capture, PodSandbox, RunningProxy } from '@meshwise/platform';
import type { PodStatus, Resource, ResourceStore } from '@meshwise/resources';

const PODS = { group: '', kind: 'Pod' };
/** Set on each pod that load is sent from, so that what a daemon leaves behind is found by the next. */
const LABEL = 'meshwise.io/load';
/** The pod asks for a sidecar; a namespace that forbids them is obeyed. */
export const LOAD_POD_LABELS: Readonly<Record<string, string>> = {
  'app.kubernetes.io/name': 'meshwise-load',
  'sidecar.istio.io/inject': 'true',
  [LABEL]: 'true',
};
const LOAD_POD_PREFIX = 'meshwise-load-';
/** Less than what a generator is given to begin, so that the reason is told and not just that it took too long. */
const READY_MS = 25_000;
const LOOK_MS = 50;

export interface LoadPodContext {
  readonly store: Pick<ResourceStore, 'create' | 'get' | 'list' | 'delete'>;
  readonly capture: Capture;
  readonly proxies: () => readonly RunningProxy[];
  /** True when the proxy has acknowledged all of its configuration. */
  readonly isSynced: (proxyId: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * A pod of the mesh that load is sent from: it gets an identity, an address and a sidecar like any other, and its own program
 * only sleeps. The generator joins its network later. Resolves once both the pod is ready and its sidecar knows the mesh.
 */
export async function startLoadPod(context: LoadPodContext, pod: PodName, signal: AbortSignal): Promise<PodSandbox> {
  const { store, clock, capture } = context;
  await store.create(manifest(pod));
  const untilMs = clock.monotonicMs() + READY_MS;
  for (;;) {
    signal.throwIfAborted();
    const current = await store.get({ ...PODS, ...pod });
    if (current === undefined) throw new MeshwiseError('MW8005', `pod ${pod.name} was deleted before load began`);
    const { podIP, phase } = (current.status ?? {}) as PodStatus;
    const uid = current.metadata.uid ?? '';
    if (podIP !== undefined && isReady(current) && hasSyncedProxy(context, uid)) {
      return capture.createPod({ uid, ...pod, podIp: podIP });
    }
    if (clock.monotonicMs() > untilMs) {
      throw new MeshwiseError('MW8005', `pod ${pod.name} was not ready within ${READY_MS / 1_000} s`, {
        found: troubleOf(current) ?? phase,
      });
    }
    await clock.sleep(LOOK_MS, signal);
  }
}

/** Its end goes on in the background, as that of any pod. Failing is no reason to fail what was measured. */
export async function removeLoadPod({ store, logger }: LoadPodContext, pod: PodName): Promise<void> {
  await store.delete({ ...PODS, ...pod }).catch((error: unknown) => {
    logger.warn('pod of a load test not removed', { pod: pod.name, error: String(error) });
  });
}

/** Removes the pods of load tests that an earlier daemon did not live to remove. */
export async function removeStrayLoadPods(context: LoadPodContext): Promise<void> {
  const { items } = await context.store.list(PODS, { labelSelector: LABEL });
  for (const { metadata } of items.filter(isLoadPod)) {
    await removeLoadPod(context, { namespace: metadata.namespace ?? 'default', name: metadata.name });
  }
}

/** By label and name, so that a pod of a user who likes the label is left alone. */
export function isLoadPod({ metadata }: Resource): boolean {
  return metadata.labels?.[LABEL] !== undefined && metadata.name.startsWith(LOAD_POD_PREFIX);
}

export function loadPodName(id: string): string {
  return `${LOAD_POD_PREFIX}${id}`;
}

function manifest({ namespace, name }: PodName): Resource {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: LOAD_POD_LABELS },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'load', image: 'meshwise/load-client' }],
    },
  };
}

function isReady(pod: Resource): boolean {
  const { conditions = [] } = (pod.status ?? {}) as PodStatus;
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** A pod that its namespace keeps out of the mesh is served by the proxy of all such pods. */
function hasSyncedProxy({ proxies, isSynced }: LoadPodContext, podUid: string): boolean {
  const running = proxies();
  const own = running.find(({ pod }) => pod?.uid === podUid) ?? running.find(({ pod }) => pod === undefined);
  return own !== undefined && isSynced(own.descriptor.id);
}

function troubleOf(pod: Resource): string | undefined {
  const statuses = ((pod.status ?? {}) as PodStatus).containerStatuses ?? [];
  const waiting = (statuses as readonly { state?: { waiting?: { reason?: string; message?: string } } }[])
    .map(({ state }) => state?.waiting)
    .find((state) => state !== undefined);
  return waiting === undefined ? undefined : [waiting.reason, waiting.message].filter(Boolean).join(': ');
}
