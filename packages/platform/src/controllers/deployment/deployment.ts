import { keyOf } from '@meshwise/resources';
import type { ControllerDefinition } from '../runtime/controller.ts';
import { DONE, type Result } from '../runtime/reconciler.ts';
import { claim } from '../support/claim.ts';
import { timestamp } from '../support/conditions.ts';
import { type ControllerContext, writeStatus } from '../support/context.ts';
import { DEPLOYMENT, type Deployment, POD, type Pod, REPLICA_SET, type ReplicaSet } from '../support/kinds.ts';
import { toController } from '../support/mapping.ts';
import { controllerOf, isDeleting } from '../support/ownership.ts';
import { isAvailable, isFinished, nextAvailableInMs } from '../support/pods.ts';
import { isEmptySelector, selectorText } from '../support/selector.ts';
import { createNewSet, noteRevision, refreshNewSet } from './new-replica-set.ts';
import { availability, type Counts, isComplete, progress, replicaFailure } from './progress.ts';
import { rollingStep } from './rolling-update.ts';
import { resize, scale, scalingAsked } from './scale.ts';
import { activePods, type DeploymentView, readyCount, replicasOf, sizeOf, viewOf } from './view.ts';

/**
 * Rolls pod templates out over ReplicaSets, one per template (Kubernetes' deployment controller). Each reconcile takes
 * one step; the change of a ReplicaSet or of its pods brings the next.
 */
export function deploymentController(context: ControllerContext): ControllerDefinition {
  return {
    name: 'deployment',
    kind: DEPLOYMENT,
    workers: 4,
    watches: [
      { kind: REPLICA_SET, mapTo: toController(DEPLOYMENT) },
      { kind: POD, mapTo: (change) => deploymentOfPod(context, change.current ?? change.previous) },
    ],
    reconcile: async (key) => {
      const deployment = (await context.store.get(key)) as Deployment | undefined;
      return deployment === undefined || isDeleting(deployment) ? DONE : reconcile(context, deployment);
    },
  };
}

async function reconcile(context: ControllerContext, deployment: Deployment): Promise<Result> {
  const before = await read(context, deployment);
  if (deployment.spec?.paused === true) {
    if (scalingAsked(before)) await scale(context, before);
  } else if (scalingAsked(before)) {
    await scale(context, before);
  } else if (before.recreate) {
    await recreate(context, before);
  } else {
    await roll(context, before);
  }
  return settle(context, deployment);
}

async function read(context: ControllerContext, deployment: Deployment): Promise<DeploymentView> {
  const selector = deployment.spec?.selector ?? {};
  const sets = await claim<ReplicaSet>(context, REPLICA_SET, deployment, selector);
  const owned = new Set(sets.map((set) => set.metadata.uid));
  const pods = isEmptySelector(selector)
    ? []
    : (
        await context.store.list(POD, {
          namespace: deployment.metadata.namespace ?? '',
          labelSelector: selectorText(selector),
        })
      ).items.filter((pod) => owned.has(controllerOf(pod)?.uid ?? ''));
  return viewOf(
    deployment,
    sets.filter((set) => !isDeleting(set)),
    pods as readonly Pod[],
  );
}

async function ensureNewSet(context: ControllerContext, view: DeploymentView): Promise<DeploymentView> {
  const newer =
    view.newer === undefined ? await createNewSet(context, view) : await refreshNewSet(context, view, view.newer);
  return { ...view, newer };
}

async function roll(context: ControllerContext, before: DeploymentView): Promise<void> {
  const view = await ensureNewSet(context, before);
  const nowMs = context.clock.nowMs();
  const older = view.older.map((set) => sizeOf(view, set, nowMs));
  const step = rollingStep(view.desired, view.fences, sizeOf(view, view.newer, nowMs), older);
  if (view.newer !== undefined) await grow(context, view, view.newer, step.newer);
  for (const [index, set] of view.older.entries()) {
    const size = step.older[index] ?? 0;
    if (size !== replicasOf(set)) await resize(context, view, set, size);
  }
}

/** The new set is made only when no process of an old one is left, those that are ending included. */
async function recreate(context: ControllerContext, before: DeploymentView): Promise<void> {
  for (const set of before.older) if (replicasOf(set) > 0) await resize(context, before, set, 0);
  const newUid = before.newer?.metadata.uid;
  const oldPodLeft = before.pods.some((pod) => controllerOf(pod)?.uid !== newUid && !isFinished(pod));
  if (oldPodLeft) return;
  const view = await ensureNewSet(context, before);
  if (view.newer !== undefined) await grow(context, view, view.newer, view.desired);
}

async function grow(
  context: ControllerContext,
  view: DeploymentView,
  set: ReplicaSet,
  replicas: number,
): Promise<void> {
  if (replicas !== replicasOf(set)) await resize(context, view, set, replicas);
}

/** Status, revision and history, from what the store holds after the step. */
async function settle(context: ControllerContext, deployment: Deployment): Promise<Result> {
  const view = await read(context, deployment);
  const nowMs = context.clock.nowMs();
  const now = timestamp(nowMs);
  const counts = countsOf(view, nowMs);
  const { conditions, checkInMs } = progress(view, counts, nowMs, now);
  const noted = view.newer === undefined ? deployment : await noteRevision(context, deployment, view.newer);
  await writeStatus(context.store, noted, {
    ...counts,
    observedGeneration: deployment.metadata.generation ?? 0,
    conditions: replicaFailure(availability(conditions, view, counts, now), view, now),
  });
  if (isComplete(view, counts)) await forgetHistory(context, view);
  const availableInMs = nextAvailableInMs(view.pods, deployment.spec?.minReadySeconds ?? 0, nowMs);
  const waits = [checkInMs, availableInMs].filter((waitMs) => waitMs !== undefined);
  return waits.length === 0 ? DONE : { requeueAfterMs: Math.min(...waits) };
}

function countsOf(view: DeploymentView, nowMs: number): Counts {
  const minReadySeconds = view.deployment.spec?.minReadySeconds ?? 0;
  const updated = activePods(view, view.newer);
  const pods = [...updated, ...view.older.flatMap((set) => activePods(view, set))];
  const available = pods.filter((pod) => isAvailable(pod, minReadySeconds, nowMs)).length;
  return {
    replicas: pods.length,
    updatedReplicas: updated.length,
    readyReplicas: readyCount(pods),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, Math.max(view.desired, pods.length) - available),
  };
}

/** Deletes the oldest sets without pods beyond `revisionHistoryLimit`. */
async function forgetHistory(context: ControllerContext, view: DeploymentView): Promise<void> {
  const limit = view.deployment.spec?.revisionHistoryLimit ?? 10;
  const empty = view.older.filter((set) => replicasOf(set) === 0 && activePods(view, set).length === 0);
  for (const set of empty.slice(0, Math.max(0, empty.length - limit))) await context.store.delete(keyOf(set));
}

/** Readiness counts from the pods themselves, so their changes lead here through the set that controls them. */
function deploymentOfPod(context: ControllerContext, pod: { readonly metadata: Pod['metadata'] } | undefined) {
  const uid = pod === undefined ? undefined : controllerOf(pod as Pod)?.uid;
  if (uid === undefined) return [];
  const owners = [...context.cached(REPLICA_SET)].filter((set) => set.metadata.uid === uid).map(controllerOf);
  return owners.flatMap((owner) =>
    owner?.kind === 'Deployment' ? [{ ...DEPLOYMENT, namespace: pod?.metadata.namespace ?? '', name: owner.name }] : [],
  );
}
