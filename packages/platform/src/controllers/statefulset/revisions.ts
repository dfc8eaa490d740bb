import { MeshwiseError } from '@meshwise/core';
import { equalValues, keyOf } from '@meshwise/resources';
import { type ControllerContext, FIELD_MANAGER } from '../support/context.ts';
import { CONTROLLER_REVISION, type ControllerRevision, type PodTemplate, type StatefulSet } from '../support/kinds.ts';
import { controllerReference, isControlledBy } from '../support/ownership.ts';
import { templateHash } from '../support/template-hash.ts';

export interface Revisions {
  /** Oldest first. */
  readonly all: readonly ControllerRevision[];
  readonly update: ControllerRevision;
  /** What pods below the partition are made from. */
  readonly current: ControllerRevision;
}

/** The stored versions of a set's template (apps/v1 ControllerRevision), with one for the present template. */
export async function revisionsOf(context: ControllerContext, set: StatefulSet): Promise<Revisions> {
  const { items } = await context.store.list(CONTROLLER_REVISION, { namespace: set.metadata.namespace ?? '' });
  const owned = (items as readonly ControllerRevision[]).filter((revision) => isControlledBy(revision, set));
  const all = [...owned].sort((a, b) => a.revision - b.revision);
  const template = set.spec?.template ?? {};
  const same = all.find((revision) => equalValues(revision.data.template, template));
  const newest = all.at(-1);
  const update =
    same === undefined
      ? await create(context, set, template, (newest?.revision ?? 0) + 1)
      : await renew(context, same, newest);
  const current = all.find((revision) => revision.metadata.name === set.status?.currentRevision) ?? update;
  return {
    all: [...all.filter((revision) => revision.metadata.name !== update.metadata.name), update],
    update,
    current,
  };
}

async function create(
  context: ControllerContext,
  set: StatefulSet,
  template: PodTemplate,
  revision: number,
): Promise<ControllerRevision> {
  for (let collisions = 0; ; collisions++) {
    const made: ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${set.metadata.name}-${templateHash(template, collisions)}`,
        namespace: set.metadata.namespace ?? '',
        labels: { ...template.metadata?.labels },
        ownerReferences: [controllerReference(set)],
      },
      revision,
      data: { template },
    };
    try {
      return (await context.store.create(made, { fieldManager: FIELD_MANAGER })) as ControllerRevision;
    } catch (error) {
      if (!(error instanceof MeshwiseError && error.code === 'MW2005') || collisions === 9) throw error;
    }
  }
}

/** A template that comes back is the newest revision again. */
async function renew(
  context: ControllerContext,
  same: ControllerRevision,
  newest: ControllerRevision | undefined,
): Promise<ControllerRevision> {
  if (newest === undefined || same.metadata.name === newest.metadata.name) return same;
  const revision = newest.revision + 1;
  return (await context.store.update({ ...same, revision }, { fieldManager: FIELD_MANAGER })) as ControllerRevision;
}

/** Deletes the oldest revisions that nothing uses, beyond `revisionHistoryLimit`. */
export async function forgetRevisions(
  context: ControllerContext,
  set: StatefulSet,
  revisions: Revisions,
  inUse: ReadonlySet<string>,
): Promise<void> {
  const kept = new Set([revisions.current.metadata.name, revisions.update.metadata.name, ...inUse]);
  const unused = revisions.all.filter((revision) => !kept.has(revision.metadata.name));
  const limit = set.spec?.revisionHistoryLimit ?? 10;
  for (const revision of unused.slice(0, Math.max(0, unused.length - limit)))
    await context.store.delete(keyOf(revision));
}
