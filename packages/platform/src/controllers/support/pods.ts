import { MeshwiseError } from '@meshwise/core';
import { keyOf } from '@meshwise/resources';
import { findCondition } from './conditions.ts';
import { type ControllerContext, FIELD_MANAGER } from './context.ts';
import type { Pod } from './kinds.ts';
import { isDeleting } from './ownership.ts';

/**
 * Held by every admitted pod. Deleting such a pod only sets its deletionTimestamp; the kubelet ends the processes within
 * the grace period and then removes the finalizer, which removes the pod. Without it a process could outlive its pod.
 */
export const KUBELET_FINALIZER = 'meshwise.dev/kubelet';

/** Counts towards a controller's replicas: neither ended nor being deleted. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && !isDeleting(pod);
}

export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

export function isReady(pod: Pod): boolean {
  return findCondition(pod.status?.conditions, 'Ready')?.status === 'True';
}

/** Milliseconds since the epoch at which the pod became ready; undefined while it is not. */
export function readySinceMs(pod: Pod): number | undefined {
  const condition = findCondition(pod.status?.conditions, 'Ready');
  if (condition?.status !== 'True') return undefined;
  const sinceMs = Date.parse(condition.lastTransitionTime ?? '');
  return Number.isNaN(sinceMs) ? 0 : sinceMs;
}

/** Ready for at least `minReadySeconds`; with 0, ready is enough (Kubernetes IsPodAvailable). */
export function isAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  const sinceMs = readySinceMs(pod);
  return sinceMs !== undefined && (minReadySeconds === 0 || sinceMs + minReadySeconds * 1000 <= nowMs);
}

/** Time until the next ready pod becomes available; undefined when none is on its way. */
export function nextAvailableInMs(pods: readonly Pod[], minReadySeconds: number, nowMs: number): number | undefined {
  const waits = pods
    .filter((pod) => isReady(pod) && !isAvailable(pod, minReadySeconds, nowMs))
    .map((pod) => (readySinceMs(pod) ?? nowMs) + minReadySeconds * 1000 - nowMs);
  return waits.length === 0 ? undefined : Math.max(1, Math.min(...waits));
}

/** Admits and stores a new pod. It is Pending until the kubelet takes it. */
export async function createPod(context: ControllerContext, pod: Pod): Promise<Pod> {
  const admitted = await context.admit(pod);
  const created = (await context.store.create(admitted, { fieldManager: FIELD_MANAGER })) as Pod;
  if (created.status?.phase !== undefined) return created;
  const pending: Pod = { ...created, status: { ...created.status, phase: 'Pending' } };
  try {
    return (await context.store.updateStatus(pending, { fieldManager: FIELD_MANAGER })) as Pod;
  } catch (error) {
    // A kubelet that was quicker has written a phase of its own.
    if (error instanceof MeshwiseError && (error.code === 'MW2002' || error.code === 'MW2001')) return created;
    throw error;
  }
}

export async function deletePod(context: ControllerContext, pod: Pod): Promise<void> {
  const { uid } = pod.metadata;
  await context.store.delete(keyOf(pod), uid === undefined ? {} : { uid });
}
