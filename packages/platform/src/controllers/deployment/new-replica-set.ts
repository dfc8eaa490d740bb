import { MeshwiseError } from '@meshwise/core';
import type { ControllerContext } from '../support/context.ts';
import { FIELD_MANAGER, writeChanged } from '../support/context.ts';
import type { Deployment, ReplicaSet } from '../support/kinds.ts';
import { controllerReference } from '../support/ownership.ts';
import { POD_TEMPLATE_HASH, templateHash } from '../support/template-hash.ts';
import { DESIRED_REPLICAS, MAX_REPLICAS, NOT_INHERITED, numberIn, REVISION } from './annotations.ts';
import type { DeploymentView } from './view.ts';

/** Makes the set for the current template, at size 0: the strategy decides how it grows. */
export async function createNewSet(context: ControllerContext, view: DeploymentView): Promise<ReplicaSet> {
  for (let collisions = 0; ; collisions++) {
    try {
      return (await context.store.create(newSet(view, collisions), { fieldManager: FIELD_MANAGER })) as ReplicaSet;
    } catch (error) {
      // Another template has the same hash: the next number gives another name.
      if (!(error instanceof MeshwiseError && error.code === 'MW2005') || collisions === 9) throw error;
    }
  }
}

function newSet(view: DeploymentView, collisions: number): ReplicaSet {
  const { deployment } = view;
  const template = deployment.spec?.template ?? {};
  const hash = templateHash(template, collisions);
  const labels = { ...template.metadata?.labels, [POD_TEMPLATE_HASH]: hash };
  const minReadySeconds = deployment.spec?.minReadySeconds;
  const selector = deployment.spec?.selector ?? {};
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace ?? '',
      labels,
      annotations: annotationsFor(view, undefined),
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [POD_TEMPLATE_HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** The Deployment's annotations, its revision, and what proportional scaling needs to remember. */
function annotationsFor(view: DeploymentView, set: ReplicaSet | undefined): Readonly<Record<string, string>> {
  const inherited = Object.entries(view.deployment.metadata.annotations ?? {}).filter(
    ([name]) => !NOT_INHERITED.has(name),
  );
  return {
    ...set?.metadata.annotations,
    ...Object.fromEntries(inherited),
    [REVISION]: String(revisionFor(view)),
    ...sizeAnnotations(view),
  };
}

export function sizeAnnotations(view: DeploymentView): Readonly<Record<string, string>> {
  return {
    [DESIRED_REPLICAS]: String(view.desired),
    [MAX_REPLICAS]: String(view.desired + view.fences.maxSurge),
  };
}

/** One more than the highest of the others; a set that already has the highest keeps it. */
function revisionFor(view: DeploymentView): number {
  const own = numberIn(view.newer?.metadata.annotations, REVISION);
  const others = view.older.map((set) => numberIn(set.metadata.annotations, REVISION));
  return Math.max(own, Math.max(0, ...others) + 1);
}

/** Brings annotations and minReadySeconds of an existing set up to date; a reused set moves to the newest revision. */
export function refreshNewSet(context: ControllerContext, view: DeploymentView, set: ReplicaSet): Promise<ReplicaSet> {
  const minReadySeconds = view.deployment.spec?.minReadySeconds ?? 0;
  const { spec } = set;
  // The size annotations move only with the size itself, or the proportions they stand for would be lost.
  const { [DESIRED_REPLICAS]: _desired, [MAX_REPLICAS]: _max, ...annotations } = annotationsFor(view, set);
  const refreshed: ReplicaSet = {
    ...set,
    metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, ...annotations } },
    ...(spec === undefined || (spec.minReadySeconds ?? 0) === minReadySeconds
      ? {}
      : { spec: { ...spec, minReadySeconds } }),
  };
  return writeChanged(context.store, set, refreshed);
}

/** Notes on the Deployment which revision it is at. */
export function noteRevision(context: ControllerContext, deployment: Deployment, set: ReplicaSet): Promise<Deployment> {
  const revision = set.metadata.annotations?.[REVISION] ?? '1';
  const annotations = { ...deployment.metadata.annotations, [REVISION]: revision };
  return writeChanged(context.store, deployment, { ...deployment, metadata: { ...deployment.metadata, annotations } });
}
