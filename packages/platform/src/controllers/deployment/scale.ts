import { type ControllerContext, writeChanged } from '../support/context.ts';
import type { ReplicaSet } from '../support/kinds.ts';
import { DESIRED_REPLICAS, MAX_REPLICAS, numberIn } from './annotations.ts';
import { sizeAnnotations } from './new-replica-set.ts';
import { proportionalSizes } from './proportional.ts';
import { type DeploymentView, replicasOf, sizeOf } from './view.ts';

/** Writes a set's size, and with it the sizes that proportional scaling starts from next time. */
export function resize(
  context: ControllerContext,
  view: DeploymentView,
  set: ReplicaSet,
  replicas: number,
): Promise<ReplicaSet> {
  const annotations = { ...set.metadata.annotations, ...(replicas > 0 ? sizeAnnotations(view) : {}) };
  const { spec } = set;
  if (spec === undefined) return Promise.resolve(set);
  return writeChanged(context.store, set, {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...spec, replicas },
  });
}

/** Whether `spec.replicas` changed since a set that still has pods was last sized. */
export function scalingAsked(view: DeploymentView): boolean {
  const sets = active(view);
  // Recreate has no proportions to keep: the rollout itself brings every set to its size.
  if (view.recreate && sets.length > 1) return false;
  return sets.some((set) => {
    const noted = set.metadata.annotations?.[DESIRED_REPLICAS];
    return noted !== undefined && Number(noted) !== view.desired;
  });
}

/**
 * Follows a change of `spec.replicas` without moving the rollout (Kubernetes' `scale`): a single set takes the number;
 * once the new set is complete the old ones go; in between, both keep their proportions.
 */
export async function scale(context: ControllerContext, view: DeploymentView): Promise<void> {
  const sets = active(view);
  const only = sets.length === 1 ? sets[0] : sets.length === 0 ? (view.newer ?? view.older.at(-1)) : undefined;
  if (only !== undefined) {
    await resize(context, view, only, view.desired);
    return;
  }
  const nowMs = context.clock.nowMs();
  const newer = sizeOf(view, view.newer, nowMs);
  if (newer.replicas === view.desired && newer.available === view.desired) {
    for (const set of view.older) await resize(context, view, set, 0);
    return;
  }
  const sizes = proportionalSizes(
    [...sets].reverse().map((set) => ({
      name: set.metadata.name,
      replicas: replicasOf(set),
      maxReplicas: numberIn(set.metadata.annotations, MAX_REPLICAS),
    })),
    view.desired > 0 ? view.desired + view.fences.maxSurge : 0,
  );
  for (const set of sets) await resize(context, view, set, sizes.get(set.metadata.name) ?? replicasOf(set));
}

/** Sets that have pods, oldest first, the new one last. */
function active(view: DeploymentView): readonly ReplicaSet[] {
  const all = view.newer === undefined ? view.older : [...view.older, view.newer];
  return all.filter((set) => replicasOf(set) > 0);
}
