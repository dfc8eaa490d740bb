import { type Fragment, itemBase } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

export function readNamespace(resource: Resource): Fragment {
  const item = { ...itemBase(resource), kind: 'namespace' as const, labels: { ...resource.metadata.labels } };
  return { items: [item], residues: [] };
}
