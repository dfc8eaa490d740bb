import type { Resource } from '@meshwise/resources';

type Labels = Readonly<Record<string, string>>;

/** The workload a pod belongs to, as telemetry names it. */
export interface Workload {
  readonly name: string;
  readonly kind: string;
}

/**
 * The workload behind a pod: its controller, and for the ReplicaSet of a Deployment the Deployment, whose name is the
 * set's without the template hash (Istio's GetDeployMetaFromPod). A bare pod is its own workload.
 */
export function workloadOf(pod: Resource): Workload {
  const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return { name: pod.metadata.name, kind: 'Pod' };
  const hash = pod.metadata.labels?.['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return { name: owner.name.slice(0, -hash.length - 1), kind: 'Deployment' };
  }
  return { name: owner.name, kind: owner.kind };
}

/** Istio's canonical service of a workload: its label, else the usual application labels, else the workload's name. */
export function canonicalName(labels: Labels, workload: Workload): string {
  return (
    labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? workload.name
  );
}

export function canonicalRevision(labels: Labels): string {
  return (
    labels['service.istio.io/canonical-revision'] ??
    labels['app.kubernetes.io/version'] ??
    labels['version'] ??
    'latest'
  );
}
