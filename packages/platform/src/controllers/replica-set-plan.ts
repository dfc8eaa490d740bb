import type { Pod } from './support/kinds.ts';
import { isReady, readySinceMs } from './support/pods.ts';

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Pods in the order in which a ReplicaSet gives them up when it shrinks (Kubernetes' ActivePodsWithRanks): not taken by
 * a kubelet, not running, not ready, cheaper to delete, ready for a shorter time, restarted more often, newer.
 */
export function inOrderOfDeletion(pods: readonly Pod[]): readonly Pod[] {
  return [...pods].sort(
    (a, b) =>
      order(taken(a), taken(b)) ||
      order(phaseRank(a), phaseRank(b)) ||
      order(isReady(a) ? 1 : 0, isReady(b) ? 1 : 0) ||
      order(deletionCost(a), deletionCost(b)) ||
      order(readySinceMs(b) ?? 0, readySinceMs(a) ?? 0) ||
      order(restarts(b), restarts(a)) ||
      order(createdMs(b), createdMs(a)) ||
      (a.metadata.name < b.metadata.name ? -1 : 1),
  );
}

function order(a: number, b: number): number {
  return a - b;
}

function taken(pod: Pod): number {
  return pod.spec?.nodeName === undefined && pod.status?.podIP === undefined ? 0 : 1;
}

function phaseRank(pod: Pod): number {
  return PHASE_RANK[pod.status?.phase ?? 'Pending'] ?? 0;
}

function deletionCost(pod: Pod): number {
  const cost = Number(pod.metadata.annotations?.[DELETION_COST] ?? '0');
  return Number.isInteger(cost) ? cost : 0;
}

function restarts(pod: Pod): number {
  const statuses = (pod.status?.containerStatuses ?? []) as readonly { readonly restartCount?: number }[];
  return statuses.reduce((most, status) => Math.max(most, status.restartCount ?? 0), 0);
}

function createdMs(pod: Pod): number {
  const createdMs = Date.parse(pod.metadata.creationTimestamp ?? '');
  return Number.isNaN(createdMs) ? 0 : createdMs;
}
