import { type Fragment, itemBase, type NodeItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** Kubernetes' well-known labels for region and zone, the older names of both, and Istio's label for the third level. */
const REGION = ['topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/region'];
const ZONE = ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'];
const SUBZONE = ['topology.istio.io/subzone'];

/** core/v1 Node: only where it stands. One without labels of its place says nothing that traffic depends on. */
export function readNode(resource: Resource): Fragment {
  const labels = resource.metadata.labels ?? {};
  const parts = [REGION, ZONE, SUBZONE].map((names) => names.map((name) => labels[name]).find(Boolean) ?? '');
  const locality = parts.join('/').replace(/\/+$/, '');
  if (locality === '') return { items: [], residues: [] };
  const item: NodeItem = { ...itemBase(resource), kind: 'node', locality };
  return { items: [item], residues: [] };
}
