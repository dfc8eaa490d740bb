import type { ControllerDefinition } from '../runtime/controller.ts';
import { DONE, type Result } from '../runtime/reconciler.ts';
import { claim } from '../support/claim.ts';
import { type ControllerContext, writeStatus } from '../support/context.ts';
import { POD, type Pod, STATEFUL_SET, type StatefulSet } from '../support/kinds.ts';
import { toController } from '../support/mapping.ts';
import { controllerReference, isDeleting } from '../support/ownership.ts';
import { createPod, deletePod, isAvailable, isFinished, isReady, nextAvailableInMs } from '../support/pods.ts';
import { ordinalOf, ordinalsOf, podName, wantedOrdinals } from './ordinals.ts';
import { type Member, type Plan, plan } from './plan.ts';
import { forgetRevisions, type Revisions, revisionsOf } from './revisions.ts';

/** Label with the name of the ControllerRevision a pod was made from. */
export const CONTROLLER_REVISION_HASH = 'controller-revision-hash';

interface Owned {
  readonly pod: Pod;
  readonly member: Member;
}

/** Keeps numbered pods with stable names (Kubernetes' statefulset controller). */
export function statefulSetController(context: ControllerContext): ControllerDefinition {
  return {
    name: 'statefulset',
    kind: STATEFUL_SET,
    workers: 2,
    watches: [{ kind: POD, mapTo: toController(STATEFUL_SET) }],
    reconcile: async (key) => {
      const set = (await context.store.get(key)) as StatefulSet | undefined;
      return set === undefined || isDeleting(set) ? DONE : reconcile(context, set);
    },
  };
}

async function reconcile(context: ControllerContext, set: StatefulSet): Promise<Result> {
  const revisions = await revisionsOf(context, set);
  const before = await membersOf(context, set);
  const next = plan({
    wanted: wantedOrdinals(ordinalsOf(set)),
    members: before.map(({ member }) => member),
    parallel: set.spec?.podManagementPolicy === 'Parallel',
    updateRevision: revisions.update.metadata.name,
    partition: partitionOf(set),
  });
  await carryOut(context, set, revisions, before, next);
  const after = await membersOf(context, set);
  const current = await writeCounts(context, set, revisions, after);
  const inUse = new Set(after.map(({ member }) => member.revision));
  await forgetRevisions(context, set, { ...revisions, current }, inUse);
  const pods = after.map(({ pod }) => pod);
  const requeueAfterMs = nextAvailableInMs(pods, set.spec?.minReadySeconds ?? 0, context.clock.nowMs());
  return requeueAfterMs === undefined ? DONE : { requeueAfterMs };
}

function partitionOf(set: StatefulSet): number | undefined {
  const strategy = set.spec?.updateStrategy;
  return strategy?.type === 'OnDelete' ? undefined : (strategy?.rollingUpdate?.partition ?? 0);
}

async function membersOf(context: ControllerContext, set: StatefulSet): Promise<readonly Owned[]> {
  const pods = await claim<Pod>(context, POD, set, set.spec?.selector ?? {});
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  return pods.flatMap((pod) => {
    const ordinal = ordinalOf(set, pod);
    if (ordinal === undefined) return [];
    const revision = pod.metadata.labels?.[CONTROLLER_REVISION_HASH] ?? '';
    const healthy = isAvailable(pod, minReadySeconds, context.clock.nowMs());
    return [{ pod, member: { ordinal, revision, healthy, ending: isDeleting(pod), finished: isFinished(pod) } }];
  });
}

async function carryOut(
  context: ControllerContext,
  set: StatefulSet,
  revisions: Revisions,
  members: readonly Owned[],
  next: Plan,
): Promise<void> {
  for (const ordinal of next.create) await createPod(context, newPod(set, revisions, ordinal));
  for (const ordinal of next.remove) {
    const owned = members.find(({ member }) => member.ordinal === ordinal);
    if (owned !== undefined) await deletePod(context, owned.pod);
  }
}

/** Pods below the partition are made from the current revision, others from the newest. */
function newPod(set: StatefulSet, revisions: Revisions, ordinal: number): Pod {
  const partition = partitionOf(set) ?? 0;
  const revision = ordinal < partition ? revisions.current : revisions.update;
  const { metadata, spec } = revision.data.template;
  const name = podName(set, ordinal);
  const subdomain = set.spec?.serviceName;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace ?? '',
      labels: {
        ...metadata?.labels,
        [CONTROLLER_REVISION_HASH]: revision.metadata.name,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
      },
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      ...(spec ?? { containers: [] }),
      hostname: name,
      ...(subdomain === undefined || subdomain === '' ? {} : { subdomain }),
    },
  };
}

/** Writes the status; the newest revision becomes the current one when every pod has it and is ready. */
async function writeCounts(
  context: ControllerContext,
  set: StatefulSet,
  revisions: Revisions,
  owned: readonly Owned[],
): Promise<Revisions['current']> {
  const live = owned.filter(({ member }) => !member.ending && !member.finished);
  const of = (revision: string) => live.filter(({ member }) => member.revision === revision).length;
  const updated = of(revisions.update.metadata.name);
  const ready = live.filter(({ pod }) => isReady(pod)).length;
  const complete = updated === ordinalsOf(set).count && updated === owned.length && ready === updated;
  const current = complete ? revisions.update : revisions.current;
  await writeStatus(context.store, set, {
    replicas: owned.length,
    readyReplicas: ready,
    availableReplicas: live.filter(({ member }) => member.healthy).length,
    currentReplicas: of(current.metadata.name),
    updatedReplicas: updated,
    currentRevision: current.metadata.name,
    updateRevision: revisions.update.metadata.name,
    collisionCount: 0,
    observedGeneration: set.metadata.generation ?? 0,
  });
  return current;
}
