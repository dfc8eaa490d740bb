import { equalValues } from '@meshwise/resources';
import type { Deployment, Pod, PodTemplate, ReplicaSet } from '../support/kinds.ts';
import { isControlledBy } from '../support/ownership.ts';
import { isActive, isAvailable, isReady } from '../support/pods.ts';
import { POD_TEMPLATE_HASH } from '../support/template-hash.ts';
import { numberIn, REVISION } from './annotations.ts';
import { type Fences, resolveFences, type SetSize } from './rolling-update.ts';

/** Everything one reconcile of a Deployment looks at, read once from the store. */
export interface DeploymentView {
  readonly deployment: Deployment;
  readonly desired: number;
  readonly fences: Fences;
  readonly recreate: boolean;
  /** The set whose template is the Deployment's; undefined before it is made. */
  readonly newer: ReplicaSet | undefined;
  /** Oldest first. */
  readonly older: readonly ReplicaSet[];
  /** Pods of all sets, those that are ending included. */
  readonly pods: readonly Pod[];
}

export function viewOf(deployment: Deployment, sets: readonly ReplicaSet[], pods: readonly Pod[]): DeploymentView {
  const desired = deployment.spec?.replicas ?? 1;
  const recreate = deployment.spec?.strategy?.type === 'Recreate';
  const oldestFirst = [...sets].sort(byRevision);
  // With an earlier revision asked for again there may be several equal ones only by mistake; the oldest is kept.
  const newer = oldestFirst.find((set) => sameTemplate(set.spec?.template ?? {}, deployment.spec?.template ?? {}));
  return {
    deployment,
    desired,
    recreate,
    fences: recreate
      ? { maxSurge: 0, maxUnavailable: desired }
      : resolveFences(desired, deployment.spec?.strategy?.rollingUpdate),
    newer,
    older: oldestFirst.filter((set) => set !== newer),
    pods,
  };
}

function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  const difference = numberIn(a.metadata.annotations, REVISION) - numberIn(b.metadata.annotations, REVISION);
  return difference !== 0 ? difference : a.metadata.name < b.metadata.name ? -1 : 1;
}

/** Templates are compared without the hash label that the controller itself adds. */
function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return equalValues(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [POD_TEMPLATE_HASH]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

export function replicasOf(set: ReplicaSet | undefined): number {
  return set === undefined ? 0 : (set.spec?.replicas ?? 1);
}

export function activePods(view: DeploymentView, set: ReplicaSet | undefined): readonly Pod[] {
  return set === undefined ? [] : view.pods.filter((pod) => isControlledBy(pod, set) && isActive(pod));
}

/**
 * A set's size, with availability counted from the pods instead of the set's status, which may be older: a set that is
 * about to give up pods gives up those that are not available first, so the smaller of both numbers is what remains.
 */
export function sizeOf(view: DeploymentView, set: ReplicaSet | undefined, nowMs: number): SetSize {
  const minReadySeconds = view.deployment.spec?.minReadySeconds ?? 0;
  const available = activePods(view, set).filter((pod) => isAvailable(pod, minReadySeconds, nowMs)).length;
  return { replicas: replicasOf(set), available: Math.min(available, replicasOf(set)) };
}

export function readyCount(pods: readonly Pod[]): number {
  return pods.filter(isReady).length;
}
