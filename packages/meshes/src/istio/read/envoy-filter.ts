import { FieldReader, type Fragment, itemBase, type PatchItem, type Residue } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readConfigPatch } from './envoy-filter-patch.ts';

/** networking.istio.io EnvoyFilter. The values of patches are carried on as they are: they are in Envoy's words. */
export function readEnvoyFilter(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const selectorField = spec?.object('workloadSelector');
  const selector = selectorField?.stringMap('labels') ?? {};
  selectorField?.rest();
  const targets = spec === undefined ? undefined : readTargets(spec);
  const priority = spec?.number('priority') ?? 0;
  const item: PatchItem = {
    ...itemBase(resource),
    kind: 'patch',
    ...(Object.keys(selector).length === 0 ? {} : { selector }),
    ...(targets === undefined ? {} : { targets }),
    priority,
    patches: (spec?.list('configPatches') ?? []).flatMap((field) => readConfigPatch(field) ?? []),
  };
  spec?.rest();
  root.rest();
  return { items: [item], residues };
}

const GATEWAY_API = 'gateway.networking.k8s.io';

/** Undefined when there are none; a list without those that nothing here can be would select everything. */
function readTargets(spec: FieldReader): PatchItem['targets'] {
  const fields = spec.list('targetRefs');
  if (fields.length === 0) return undefined;
  return fields.flatMap((field) => {
    const group = field.string('group') ?? '';
    const kind = field.string('kind') ?? '';
    const name = field.string('name') ?? '';
    // Istio's own documentation: only resources of the same namespace can be referred to.
    if (field.has('namespace'))
      field.unsupported('namespace', 'is not enforced; the namespace is that of the resource');
    field.ignore('namespace').rest();
    if (group === GATEWAY_API && kind === 'Gateway' && name !== '') return [{ group, kind, name }];
    field.unsupported(undefined, `${kind} ${name} has no proxy here that patches could be for`);
    return [];
  });
}
