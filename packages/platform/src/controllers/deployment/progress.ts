import type { DeploymentStatus } from '@meshwise/resources';
import { type Condition, findCondition, withCondition, withoutCondition } from '../support/conditions.ts';
import type { DeploymentView } from './view.ts';

export type Counts = Required<
  Pick<DeploymentStatus, 'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas' | 'unavailableReplicas'>
>;

export interface Progress {
  readonly conditions: readonly Condition[];
  /** When the progress deadline has to be looked at again. */
  readonly checkInMs?: number;
}

/** Every pod is of the current template, available, and no other is left. */
export function isComplete(view: DeploymentView, counts: Counts): boolean {
  return (
    counts.updatedReplicas === view.desired &&
    counts.replicas === view.desired &&
    counts.availableReplicas === view.desired
  );
}

/**
 * The `Progressing` condition (Kubernetes' progress.go): how far the rollout is, and that it failed when nothing moved
 * for `progressDeadlineSeconds`. A finished rollout stays finished when pods later become unready.
 */
export function progress(view: DeploymentView, counts: Counts, nowMs: number, now: string): Progress {
  const { deployment } = view;
  const before = deployment.status?.conditions;
  const last = findCondition(before, 'Progressing');
  const deadlineSeconds = deployment.spec?.progressDeadlineSeconds ?? 600;
  const set = (status: Condition['status'], reason: string, message: string): readonly Condition[] => {
    const moved = last?.reason !== reason || moves(deployment.status, counts);
    const lastUpdateTime = moved ? now : (last?.lastUpdateTime ?? now);
    return withCondition(before, { type: 'Progressing', status, reason, message, lastUpdateTime }, now);
  };
  const name = view.newer === undefined ? deployment.metadata.name : view.newer.metadata.name;

  if (deployment.spec?.paused === true) {
    return { conditions: set('Unknown', 'DeploymentPaused', 'Deployment is paused') };
  }
  if (isComplete(view, counts)) {
    return { conditions: set('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`) };
  }
  const finished = last?.reason === 'NewReplicaSetAvailable' && counts.replicas === counts.updatedReplicas;
  if (finished) return { conditions: before ?? [] };
  const resumed = last === undefined || last.reason === 'DeploymentPaused' || last.reason === 'NewReplicaSetAvailable';
  if (resumed || moves(deployment.status, counts)) {
    const conditions = set('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`);
    return { conditions, checkInMs: deadlineSeconds * 1000 };
  }
  const sinceMs = Date.parse(last.lastUpdateTime ?? now);
  const leftMs = sinceMs + deadlineSeconds * 1000 - nowMs;
  if (leftMs > 0) return { conditions: before ?? [], checkInMs: leftMs };
  return {
    conditions: set('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`),
  };
}

/** More pods of the new template, more ready or available ones, or fewer old ones than the status said. */
function moves(before: DeploymentStatus | undefined, counts: Counts): boolean {
  const old = (status: Pick<DeploymentStatus, 'replicas' | 'updatedReplicas'>) =>
    (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    counts.updatedReplicas > (before?.updatedReplicas ?? 0) ||
    old(counts) < old(before ?? {}) ||
    counts.readyReplicas > (before?.readyReplicas ?? 0) ||
    counts.availableReplicas > (before?.availableReplicas ?? 0)
  );
}

/** The `Available` condition: as many pods available as the rollout has to keep. */
export function availability(
  conditions: readonly Condition[],
  view: DeploymentView,
  counts: Counts,
  now: string,
): readonly Condition[] {
  const enough = counts.availableReplicas >= view.desired - view.fences.maxUnavailable;
  const condition: Omit<Condition, 'lastTransitionTime'> = enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
  const before = findCondition(conditions, 'Available');
  const lastUpdateTime = before?.status === condition.status ? (before.lastUpdateTime ?? now) : now;
  return withCondition(conditions, { ...condition, lastUpdateTime }, now);
}

/** A set that could not create its pods says so on the Deployment too. */
export function replicaFailure(
  conditions: readonly Condition[],
  view: DeploymentView,
  now: string,
): readonly Condition[] {
  const failure = findCondition(view.newer?.status?.conditions, 'ReplicaFailure');
  if (failure === undefined) return withoutCondition(conditions, 'ReplicaFailure');
  const { lastTransitionTime: _then, ...condition } = failure;
  return withCondition(conditions, condition, now);
}
