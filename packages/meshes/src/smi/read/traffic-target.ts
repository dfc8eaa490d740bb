import {
  FieldReader,
  type Fragment,
  itemBase,
  type Residue,
  type ServiceAccountReference,
  type TrafficSpecReference,
  type TrafficTargetItem,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { versionOf } from './version.ts';

/**
 * access.smi-spec.io TrafficTarget: which identities may do what at workloads of an identity. What cannot be read allows
 * nothing; the destination is under access control all the same.
 */
export function readTrafficTarget(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const base = itemBase(resource);
  const isFirst = versionOf(resource) === 'v1alpha1';
  const body = isFirst ? root : root.object('spec');
  if (body === undefined) {
    root.invalid('spec', 'is missing');
    return { items: [], residues };
  }
  const written = body.object('destination');
  if (written === undefined) body.invalid('destination', 'is missing');
  const port = written?.number('port');
  const isPortUnreadable = written?.has('port') === true && port === undefined;
  const destination = written === undefined ? undefined : readAccount(written, base.namespace);
  const sources = body.list('sources').flatMap((field) => readAccount(field, base.namespace) ?? []);
  const listed = isFirst ? 'specs' : 'rules';
  const rules = body.list(listed).flatMap((field) => readReference(field) ?? []);
  body.rest();
  root.rest();
  if (destination === undefined) return { items: [], residues };
  if (destination.namespace !== base.namespace) {
    const message = `is not the own namespace ${base.namespace}: whoever owns an identity decides who may call it`;
    written?.invalid('namespace', message);
    return { items: [], residues };
  }
  if (sources.length === 0) body.invalid('sources', 'names nobody: nobody is allowed anything by it');
  if (rules.length === 0) body.invalid(listed, 'says nothing: nobody is allowed anything by it');
  const item: TrafficTargetItem = {
    ...base,
    kind: 'traffic-target',
    destination,
    ...(port === undefined ? {} : { port }),
    sources,
    // Without the port that was meant, they would allow all of them.
    rules: isPortUnreadable ? [] : rules,
  };
  return { items: [item], residues };
}

function readAccount(field: FieldReader, ownNamespace: string): ServiceAccountReference | undefined {
  const kind = field.string('kind');
  const name = field.string('name') ?? '';
  const namespace = field.string('namespace') ?? ownNamespace;
  if (kind !== 'ServiceAccount') field.invalid('kind', 'is not ServiceAccount, the one identity that SMI knows');
  if (name === '') field.invalid('name', 'is missing');
  field.rest();
  return kind === 'ServiceAccount' && name !== '' ? { namespace, name, origin: field.origin() } : undefined;
}

const SPEC_KINDS: readonly TrafficSpecReference['specKind'][] = ['HTTPRouteGroup', 'TCPRoute', 'UDPRoute'];

function readReference(field: FieldReader): TrafficSpecReference | undefined {
  const written = field.string('kind');
  const name = field.string('name') ?? '';
  const names = field.strings('matches') ?? [];
  // Names that cannot be read are none: an empty list would mean all of them.
  const hasNames = field.isNoList('matches') || field.list('matches').length > 0;
  const specKind = SPEC_KINDS.find((kind) => kind === written);
  if (specKind === undefined) field.invalid('kind', `is none of ${SPEC_KINDS.join(', ')}`);
  else if (hasNames && specKind !== 'HTTPRouteGroup') field.invalid('matches', `has no effect on a ${specKind}`);
  if (specKind === 'UDPRoute') field.unsupported('kind', 'UDPRoute allows nothing: UDP does not pass through the mesh');
  if (name === '') field.invalid('name', 'is missing');
  field.rest();
  if (specKind === undefined || name === '') return undefined;
  const isNarrowed = hasNames && specKind === 'HTTPRouteGroup';
  return { specKind, name, ...(isNarrowed ? { matches: names } : {}), origin: field.origin() };
}
