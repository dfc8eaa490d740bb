import {
  type Destination,
  FieldReader,
  type Fragment,
  type HttpRule,
  itemBase,
  type Residue,
  type RoutingItem,
  type TrafficSpecReference,
} from '@meshwise/model';
import { parseQuantity, type Resource } from '@meshwise/resources';
import { readServiceName } from './service-name.ts';
import { versionOf } from './version.ts';

/**
 * split.smi-spec.io TrafficSplit. Requests that `matches` describes go by weight to the backends, all others to the service
 * itself; without `matches` everything is split, bytes too. It holds for clients in every namespace, and each backend is
 * asked for the port that the client asked the service for.
 */
export function readTrafficSplit(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const base = itemBase(resource);
  const spec = root.object('spec');
  root.rest();
  if (spec === undefined) {
    root.invalid('spec', 'is missing');
    return { items: [], residues };
  }
  const version = versionOf(resource);
  const service = readServiceName(spec, 'service', base.namespace);
  const written = spec.list('backends');
  const destinations = written.flatMap(
    (field) => readBackend(field, base.namespace, service, version === 'v1alpha1') ?? [],
  );
  const matchGroups = version === 'v1alpha1' || version === 'v1alpha2' ? [] : readMatches(spec);
  spec.rest();
  const takesNothing = !destinations.some(({ weight }) => weight > 0);
  if (takesNothing) spec.invalid('backends', 'has none that takes anything: nothing is split');
  if (service === undefined || takesNothing || matchGroups === 'refused') return { items: [], residues };

  const forward = (to: readonly Destination[]) => ({ kind: 'forward', destinations: to }) as const;
  const split: HttpRule = {
    matches: [],
    ...(matchGroups.length === 0 ? {} : { matchGroups }),
    action: forward(destinations),
    origin: spec.origin('backends'),
  };
  const origin = spec.origin('service');
  const rest: HttpRule = { matches: [], action: forward([{ host: service, weight: 100, origin }]), origin };
  const isWhole = matchGroups.length === 0;
  const item: RoutingItem = {
    ...base,
    kind: 'routing',
    isSplit: true,
    hosts: [service],
    exportTo: ['*'],
    rules: isWhole ? [split] : [split, rest],
    ...(isWhole ? { byteRules: [{ layer: 'tcp', matches: [], destinations, origin: spec.origin('backends') }] } : {}),
  };
  return { items: [item], residues };
}

/** Undefined, and reported, when nothing can be sent there: its share goes to the others. */
function readBackend(
  field: FieldReader,
  namespace: string,
  service: string | undefined,
  isQuantity: boolean,
): Destination | undefined {
  const host = readServiceName(field, 'service', namespace);
  const weight = readWeight(field, isQuantity);
  field.rest();
  if (host === undefined || weight === undefined) return undefined;
  if (host === service)
    field.info('service', `${host} is the service that is split: this share goes to all of it, unsplit`);
  return { host, weight, origin: field.origin() };
}

function readWeight(field: FieldReader, isQuantity: boolean): number | undefined {
  const { weight: written } = field.ignore('weight').value as { readonly weight?: unknown };
  const isReadable = typeof written === 'number' || (isQuantity && typeof written === 'string');
  const weight = isReadable ? parseQuantity(written) : undefined;
  if (weight !== undefined && weight >= 0) return weight;
  field.invalid('weight', isQuantity ? 'is not a quantity such as 500m or 1' : 'is not a whole number of at least 0');
  return undefined;
}

/** 'refused' when a condition is not known: without it, requests would be split that nobody meant. */
function readMatches(spec: FieldReader): readonly TrafficSpecReference[] | 'refused' {
  const fields = spec.list('matches');
  const references = fields.flatMap((field): readonly TrafficSpecReference[] => {
    const [kind, name] = [field.string('kind'), field.string('name') ?? ''];
    if (kind !== 'HTTPRouteGroup') field.invalid('kind', 'is not HTTPRouteGroup: nothing is split');
    if (name === '') field.invalid('name', 'is missing: nothing is split');
    const isKnown = !field.rest() && kind === 'HTTPRouteGroup' && name !== '';
    return isKnown ? [{ specKind: kind, name, origin: field.origin() }] : [];
  });
  return references.length < fields.length ? 'refused' : references;
}
