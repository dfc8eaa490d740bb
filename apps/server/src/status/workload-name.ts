import type { Resource } from '@meshwise/resources';
import type { Snapshot } from './snapshot.ts';

/** `namespace/deployment` of a pod: the name that people gave, not that of the pod. */
export function workloadNameOf(pod: Resource, { replicaSets }: Pick<Snapshot, 'replicaSets'>): string {
  const owner = pod.metadata.ownerReferences?.[0];
  const set = replicaSets.find((candidate) => candidate.metadata.uid === owner?.uid);
  return `${pod.metadata.namespace}/${set?.metadata.ownerReferences?.[0]?.name ?? owner?.name ?? pod.metadata.name}`;
}
