import type { LabelSelector } from '@meshwise/resources';
import { inOrderOfDeletion } from './replica-set-plan.ts';
import type { ControllerDefinition } from './runtime/controller.ts';
import { DONE, type Result } from './runtime/reconciler.ts';
import type { Change } from './runtime/source.ts';
import { claim } from './support/claim.ts';
import { type Condition, timestamp, withCondition, withoutCondition } from './support/conditions.ts';
import { type ControllerContext, writeStatus } from './support/context.ts';
import { POD, type Pod, REPLICA_SET, type ReplicaSet } from './support/kinds.ts';
import { both, either, toController } from './support/mapping.ts';
import { controllerOf, controllerReference, isDeleting } from './support/ownership.ts';
import { createPod, deletePod, isActive, isAvailable, isReady, nextAvailableInMs } from './support/pods.ts';
import { matchesSelector } from './support/selector.ts';
import { randomSuffix } from './support/template-hash.ts';

/** Keeps as many pods as a ReplicaSet asks for (Kubernetes' replicaset controller). */
export function replicaSetController(context: ControllerContext): ControllerDefinition {
  return {
    name: 'replicaset',
    kind: REPLICA_SET,
    workers: 4,
    watches: [{ kind: POD, mapTo: either(toController(REPLICA_SET), orphansOf(context)) }],
    reconcile: async (key) => {
      const replicaSet = (await context.store.get(key)) as ReplicaSet | undefined;
      return replicaSet === undefined ? DONE : reconcile(context, replicaSet);
    },
  };
}

async function reconcile(context: ControllerContext, replicaSet: ReplicaSet): Promise<Result> {
  const selector: LabelSelector = replicaSet.spec?.selector ?? {};
  const pods = (await claim<Pod>(context, POD, replicaSet, selector)).filter(isActive);
  if (isDeleting(replicaSet)) return DONE;
  let failure: unknown;
  let present: readonly Pod[] = pods;
  try {
    present = await converge(context, replicaSet, pods);
  } catch (error) {
    failure = error;
  }
  await writeStatus(context.store, replicaSet, statusOf(context, replicaSet, present, failure));
  if (failure !== undefined) throw failure;
  const requeueAfterMs = nextAvailableInMs(present, replicaSet.spec?.minReadySeconds ?? 0, context.clock.nowMs());
  return requeueAfterMs === undefined ? DONE : { requeueAfterMs };
}

async function converge(
  context: ControllerContext,
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
): Promise<readonly Pod[]> {
  const excess = pods.length - (replicaSet.spec?.replicas ?? 1);
  if (excess > 0) {
    const given = inOrderOfDeletion(pods).slice(0, excess);
    for (const pod of given) await deletePod(context, pod);
    return pods.filter((pod) => !given.includes(pod));
  }
  const created: Pod[] = [];
  for (let missing = -excess; missing > 0; missing--)
    created.push(await createPod(context, newPod(context, replicaSet)));
  return [...pods, ...created];
}

function newPod(context: ControllerContext, replicaSet: ReplicaSet): Pod {
  const { metadata, spec } = replicaSet.spec?.template ?? {};
  const generateName = `${replicaSet.metadata.name}-`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${generateName}${randomSuffix(context.random)}`,
      generateName,
      namespace: replicaSet.metadata.namespace ?? '',
      labels: { ...metadata?.labels },
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata?.finalizers === undefined ? {} : { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(replicaSet)],
    },
    spec: spec ?? { containers: [] },
  };
}

function statusOf(context: ControllerContext, replicaSet: ReplicaSet, pods: readonly Pod[], failure: unknown): object {
  const nowMs = context.clock.nowMs();
  const labels = replicaSet.spec?.template?.metadata?.labels ?? {};
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0;
  const conditions = conditionsOf(replicaSet.status?.conditions, failure, timestamp(nowMs));
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) => matchesSelector({ matchLabels: labels }, pod.metadata.labels)).length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: pods.filter((pod) => isAvailable(pod, minReadySeconds, nowMs)).length,
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

function conditionsOf(before: readonly Condition[] | undefined, failure: unknown, now: string): readonly Condition[] {
  if (failure === undefined) return withoutCondition(before, 'ReplicaFailure');
  const message = failure instanceof Error ? failure.message : String(failure);
  return withCondition(before, { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }, now);
}

/** A pod without a controller concerns every ReplicaSet whose selector matches it: one of them will adopt it. */
function orphansOf(context: ControllerContext) {
  return both((pod) => {
    if (controllerOf(pod) !== undefined) return [];
    return [...context.cached(REPLICA_SET)]
      .filter((set) => set.metadata.namespace === pod.metadata.namespace)
      .filter((set) => matchesSelector((set as ReplicaSet).spec?.selector ?? {}, pod.metadata.labels))
      .map((set) => ({ ...REPLICA_SET, namespace: set.metadata.namespace ?? '', name: set.metadata.name }));
  }) satisfies (change: Change) => unknown;
}
