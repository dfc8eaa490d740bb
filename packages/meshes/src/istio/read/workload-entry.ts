import { FieldReader, type Fragment, itemBase, type Residue, type WorkloadItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { attachedKindOf, attachedResidues } from './attached.ts';
import { readInlineEndpoint } from './workload-entry-fields.ts';

const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

/** networking.istio.io WorkloadEntry: a workload that is no pod. */
export function readWorkloadEntry(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const endpoint = spec === undefined ? undefined : readInlineEndpoint(spec);
  if (spec === undefined || endpoint === undefined) {
    if (spec === undefined) root.invalid('spec', 'is missing');
    return { items: [], residues };
  }
  spec.rest();
  root.rest();
  // As Istio: labels of the object itself win over those of its specification.
  const labels = { ...endpoint.labels, ...resource.metadata.labels };
  residues.push(...attachedResidues(resource));
  const attached = attachedKindOf(resource);
  const item: WorkloadItem = {
    ...itemBase(resource),
    kind: 'workload',
    labels,
    serviceAccount: endpoint.serviceAccount ?? 'default',
    mutualTls: attached !== 'grpc' && takesMutualTls(labels, endpoint.serviceAccount),
    ...(attached === undefined ? {} : { isAttached: true }),
    entry: { ...endpoint, labels },
  };
  return { items: [item], residues };
}

/** Whether a sidecar is known to stand at an endpoint that is no pod: by label, else by its service account. */
export function takesMutualTls(labels: Readonly<Record<string, string>>, serviceAccount: string | undefined): boolean {
  const mode = labels[TLS_MODE_LABEL];
  return mode === undefined ? serviceAccount !== undefined : mode === 'istio';
}
