/** Annotations by which the Deployment controller keeps its history, with Kubernetes' names so that kubectl reads them. */
export const REVISION = 'deployment.kubernetes.io/revision';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

/** Not copied from a Deployment to its ReplicaSets. */
export const NOT_INHERITED: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  'deployment.kubernetes.io/revision-history',
  DESIRED_REPLICAS,
  MAX_REPLICAS,
]);

/** A number kept in an annotation; 0 when it is absent or no number. */
export function numberIn(annotations: Readonly<Record<string, string>> | undefined, name: string): number {
  const value = Number(annotations?.[name] ?? '0');
  return Number.isInteger(value) ? value : 0;
}
