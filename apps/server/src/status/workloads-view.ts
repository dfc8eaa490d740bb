import type { PodView, WorkloadView } from '@meshwise/api';
import type { PodSpec, PodStatus, Resource } from '@meshwise/resources';
import type { Snapshot } from './snapshot.ts';
import { NO_USE, sumUse } from './traffic.ts';

type ContainerStatus = {
  readonly name?: string;
  readonly restartCount?: number;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
};

export const PROXY_CONTAINER = 'istio-proxy';

/** Deployments, StatefulSets, and pods that belong to neither. */
export function workloadViews(snapshot: Snapshot): WorkloadView[] {
  const owned = [...snapshot.deployments, ...snapshot.statefulSets].map((owner) =>
    view(owner, podsOf(owner, snapshot), (owner.spec as { replicas?: number } | undefined)?.replicas ?? 1, snapshot),
  );
  const lone = snapshot.pods
    .filter((pod) => (pod.metadata.ownerReferences ?? []).length === 0)
    .map((pod) => view(pod, [pod], 1, snapshot));
  return [...owned, ...lone];
}

function podsOf(owner: Resource, snapshot: Snapshot): readonly Resource[] {
  const uids = new Set([owner.metadata.uid]);
  for (const set of snapshot.replicaSets) {
    if (set.metadata.ownerReferences?.some((reference) => uids.has(reference.uid))) uids.add(set.metadata.uid);
  }
  return snapshot.pods.filter((pod) => pod.metadata.ownerReferences?.some((reference) => uids.has(reference.uid)));
}

function view(owner: Resource, pods: readonly Resource[], desired: number, snapshot: Snapshot): WorkloadView {
  const template = (owner.spec as { template?: { spec?: PodSpec } } | undefined)?.template?.spec;
  const spec = template ?? (owner.spec as PodSpec | undefined);
  const views = pods.map((pod) => podView(pod, snapshot));
  const podsReady = views.filter((pod) => pod.ready && !pod.terminating).length;
  const failing = views.find((pod) => !pod.ready && pod.reason !== null && !pod.terminating);
  return {
    namespace: owner.metadata.namespace ?? '',
    name: owner.metadata.name,
    kind: owner.kind,
    podsReady,
    podsDesired: desired,
    injected: pods.some((pod) => hasProxy(pod) && programs(pod.spec as PodSpec).length > 0),
    ...health(podsReady, desired, failing?.reason ?? null, stuckRollout(owner)),
    images: (spec?.containers ?? [])
      .filter((c) => c.name !== PROXY_CONTAINER || programs(spec).length === 0)
      .map((c) => c.image ?? ''),
    pods: views,
  };
}

function health(
  ready: number,
  desired: number,
  reason: string | null,
  stuck: string | undefined,
): Pick<WorkloadView, 'health' | 'reason'> {
  if (desired === 0) return { health: 'idle', reason: 'scaled to zero' };
  // Old pods may serve while new ones cannot start.
  if (ready >= desired && stuck !== undefined) return { health: 'degraded', reason: reason ?? stuck };
  if (ready >= desired) return { health: 'healthy', reason: null };
  const words = reason ?? `${ready} of ${desired} pods ready`;
  return { health: ready === 0 ? 'failing' : 'degraded', reason: words };
}

/** Why a rollout does not get to its end; undefined while it does. */
function stuckRollout(owner: Resource): string | undefined {
  const { conditions = [] } = (owner.status ?? {}) as { conditions?: readonly Record<string, string>[] };
  const progressing = conditions.find((condition) => condition['type'] === 'Progressing');
  return progressing?.['status'] === 'False' ? (progressing['message'] ?? 'the rollout does not progress') : undefined;
}

function programs(spec: PodSpec | undefined) {
  return (spec?.containers ?? []).filter((container) => container.name !== PROXY_CONTAINER);
}

function hasProxy(pod: Resource): boolean {
  return (pod.spec as PodSpec).containers.some((container) => container.name === PROXY_CONTAINER);
}

function podView(pod: Resource, snapshot: Snapshot): PodView {
  const status = pod.status as PodStatus | undefined;
  const uid = pod.metadata.uid ?? '';
  const use = (pids: readonly number[]) => sumUse(pids.map((pid) => snapshot.samples.use.get(pid)));
  const proxy = snapshot.proxies.find(({ running }) => running.pod?.uid === uid)?.running;
  const containers = (status?.containerStatuses ?? []) as readonly ContainerStatus[];
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  return {
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name,
    ip: status?.podIP ?? null,
    phase: status?.phase ?? 'Pending',
    ready: ready?.status === 'True',
    terminating: pod.metadata.deletionTimestamp !== undefined,
    restarts: containers.reduce((sum, container) => sum + (container.restartCount ?? 0), 0),
    startedAt: status?.startTime ?? null,
    reason: reasonOf(containers, ready?.message),
    application: use(snapshot.programPids(uid)),
    sidecar: proxy === undefined ? null : proxy.state.pid === undefined ? NO_USE : use([proxy.state.pid]),
  };
}

function reasonOf(containers: readonly ContainerStatus[], readyMessage: string | undefined): string | null {
  const waiting = containers.map((container) => container.state?.waiting).find((state) => state?.message !== undefined);
  if (waiting !== undefined) return `${waiting.reason}: ${waiting.message}`;
  return readyMessage ?? null;
}
