import type { GroupKind } from '@meshwise/resources';

/** A kind of which traffic is measured, as it stands in paths of the API. */
export interface MeasuredKind extends GroupKind {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Those of SMI's kinds that there are here. All but splits have pods in them, and their figures are those of the pods. */
export const MEASURED_KINDS: readonly MeasuredKind[] = [
  { group: '', kind: 'Namespace', plural: 'namespaces', namespaced: false },
  { group: '', kind: 'Pod', plural: 'pods', namespaced: true },
  { group: '', kind: 'Service', plural: 'services', namespaced: true },
  { group: 'apps', kind: 'Deployment', plural: 'deployments', namespaced: true },
  { group: 'apps', kind: 'ReplicaSet', plural: 'replicasets', namespaced: true },
  { group: 'apps', kind: 'StatefulSet', plural: 'statefulsets', namespaced: true },
  { group: 'split.smi-spec.io', kind: 'TrafficSplit', plural: 'trafficsplits', namespaced: true },
];
