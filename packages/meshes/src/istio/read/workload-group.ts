import { FieldReader, type Fragment, type Residue } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readWorkloadFields } from './workload-entry-fields.ts';

/**
 * networking.istio.io WorkloadGroup: what workloads that join from outside have in common. `meshwise proxy attach` makes
 * WorkloadEntries of it; by itself it changes nothing, so there is no item.
 */
export function readWorkloadGroup(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const metadata = spec?.object('metadata');
  metadata?.stringMap('labels');
  metadata?.stringMap('annotations');
  metadata?.rest();
  const template = spec?.object('template');
  if (template === undefined) {
    (spec ?? root).invalid('template', 'is missing');
  } else {
    const fields = readWorkloadFields(template);
    if (fields.address !== '') template.invalid('address', 'belongs into each WorkloadEntry');
    if (Object.keys(fields.labels).length > 0) template.invalid('labels', 'belong into metadata.labels of the group');
    template.rest();
  }
  if (spec?.has('probe') === true) {
    spec.unsupported('probe', 'is not enforced: the health of workloads outside the mesh is not probed');
  }
  spec?.ignore('probe').rest();
  root.rest();
  return { items: [], residues };
}
