import { defined, FieldReader, type Fragment, itemBase, type Residue, type ScopingItem } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readConnectionPool } from './destination-rule-pool.ts';
import { readEgressListener } from './sidecar-egress.ts';
import { readIngressListener } from './sidecar-ingress.ts';

/** networking.istio.io Sidecar: what the proxies of some workloads see and serve. */
export function readSidecar(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const selectorField = spec?.object('workloadSelector');
  const selector = selectorField?.stringMap('labels') ?? {};
  const egress = spec?.list('egress') ?? [];
  const ingress = spec?.list('ingress') ?? [];
  const policy = spec?.object('outboundTrafficPolicy');
  const pool = spec?.object('inboundConnectionPool');
  if (spec === undefined || (egress.length === 0 && ingress.length === 0 && !policy && !pool)) {
    (spec ?? root).invalid(undefined, 'has none of egress, ingress, outboundTrafficPolicy and inboundConnectionPool');
    return { items: [], residues };
  }
  const item: ScopingItem = {
    ...itemBase(resource),
    kind: 'scoping',
    ...(Object.keys(selector).length === 0 ? {} : { selector }),
    ...(egress.length === 0 ? {} : { egress: readEgress(egress) }),
    ingress: firstOfEach(
      ingress,
      (field) => readIngressListener(field, resource.metadata.namespace ?? ''),
      ({ port }) => String(port),
    ),
    ...(pool === undefined ? {} : defined({ inboundConnectionPool: readConnectionPool(pool).connectionPool })),
    ...(policy === undefined ? {} : readPolicy(policy)),
  };
  selectorField?.rest();
  spec.rest();
  root.rest();
  return { items: [item], residues };
}

/** The listener without a port stands for all ports that the others leave, so it can only be the last (Istio). */
function readEgress(fields: readonly FieldReader[]): NonNullable<ScopingItem['egress']> {
  const read = (field: FieldReader) => {
    const listener = readEgressListener(field);
    if (listener === undefined || listener.port !== undefined || field === fields.at(-1)) return listener;
    field.invalid('port', 'is missing: only the last listener may be for all ports');
    return undefined;
  };
  // Routes go by the port's number, or by the socket.
  return firstOfEach(fields, read, ({ port }) => `${port?.number}`);
}

/** Of listeners for the same port the first holds. */
function firstOfEach<T>(
  fields: readonly FieldReader[],
  read: (field: FieldReader) => T | undefined,
  keyOf: (listener: T) => string,
): readonly T[] {
  const taken = new Set<string>();
  return fields.flatMap((field) => {
    const listener = read(field);
    if (listener === undefined) return [];
    const key = keyOf(listener);
    if (!taken.has(key)) {
      taken.add(key);
      return [listener];
    }
    field.invalid(undefined, `has no effect: a listener before it has ${key}`);
    return [];
  });
}

function readPolicy(field: FieldReader): Pick<ScopingItem, 'unknownDestinations' | 'egressProxy'> {
  // The first of Istio's modes is what an unset one means.
  const mode = field.string('mode') ?? 'REGISTRY_ONLY';
  if (mode !== 'REGISTRY_ONLY' && mode !== 'ALLOW_ANY') field.invalid('mode', 'is none of REGISTRY_ONLY, ALLOW_ANY');
  const proxy = field.object('egressProxy');
  const egressProxy = proxy === undefined ? undefined : readEgressProxy(proxy);
  if (egressProxy !== undefined && mode !== 'ALLOW_ANY')
    field.invalid('egressProxy', 'has no effect but with ALLOW_ANY');
  field.rest();
  return defined({
    unknownDestinations: mode === 'ALLOW_ANY' ? ('pass-through' as const) : ('refuse' as const),
    egressProxy: mode === 'ALLOW_ANY' ? egressProxy : undefined,
  });
}

function readEgressProxy(field: FieldReader): ScopingItem['egressProxy'] {
  const host = field.string('host') ?? '';
  const subset = field.string('subset') ?? '';
  const portField = field.object('port');
  const port = portField?.number('number');
  portField?.rest();
  field.rest();
  if (host === '' || port === undefined) {
    field.invalid(undefined, 'needs a host and a port');
    return undefined;
  }
  return { host, port, ...(subset === '' ? {} : { subset }) };
}
