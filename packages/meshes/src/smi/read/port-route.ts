import { FieldReader, type Fragment, itemBase, type Residue, type TrafficSpecItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** specs.smi-spec.io TCPRoute and UDPRoute. Without ports, as in all versions before v1alpha4, they stand for all of them. */
export function readPortRoute(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const matches = spec?.object('matches');
  const written = matches?.list('ports') ?? [];
  const ports = written.flatMap((field) => (isPort(field.value) ? [field.value] : []));
  if (ports.length < written.length) matches?.invalid('ports', 'has members that are no ports');
  if (resource.kind === 'UDPRoute') root.unsupported('spec', 'is not enforced: UDP does not pass through the mesh');
  for (const field of [matches, spec, root]) field?.rest();
  const isUnreadable =
    (root.has('spec') && spec === undefined) ||
    (spec?.has('matches') === true && matches === undefined) ||
    matches?.isNoList('ports') === true ||
    (written.length > 0 && ports.length === 0);
  const item: TrafficSpecItem = {
    ...itemBase(resource),
    kind: 'traffic-spec',
    specKind: resource.kind === 'UDPRoute' ? 'UDPRoute' : 'TCPRoute',
    matches: [],
    ports,
  };
  return { items: isUnreadable ? [] : [item], residues };
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65536;
}
