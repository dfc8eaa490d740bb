import { FieldReader, type Fragment, itemBase, type ReferenceGrantItem, type Residue } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** gateway.networking.k8s.io ReferenceGrant. An entry that is not understood grants nothing. */
export function readReferenceGrant(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const item: ReferenceGrantItem = {
    ...itemBase(resource),
    kind: 'reference-grant',
    from: (spec?.list('from') ?? []).flatMap(readFrom),
    to: (spec?.list('to') ?? []).flatMap(readTo),
  };
  spec?.rest();
  root.rest();
  return { items: [item], residues };
}

function readFrom(field: FieldReader): ReferenceGrantItem['from'] {
  const group = field.string('group') ?? '';
  const kind = field.string('kind') ?? '';
  const namespace = field.string('namespace') ?? '';
  const isUnknown = field.rest();
  if (kind === '' || namespace === '') field.invalid(undefined, 'needs a kind and a namespace');
  return isUnknown || kind === '' || namespace === '' ? [] : [{ group, kind, namespace }];
}

function readTo(field: FieldReader): ReferenceGrantItem['to'] {
  const group = field.string('group') ?? '';
  const kind = field.string('kind') ?? '';
  const name = field.string('name');
  const isNameUnreadable = field.has('name') && name === undefined;
  const isUnknown = field.rest();
  if (kind === '') field.invalid('kind', 'is missing');
  if (isUnknown || kind === '' || isNameUnreadable) return [];
  return [{ group, kind, ...(name === undefined || name === '' ? {} : { name }) }];
}
