import {
  type DestinationPolicyItem,
  FieldReader,
  type Fragment,
  itemBase,
  type Residue,
  type Subset,
  type TrafficSettings,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** networking.istio.io DestinationRule. */
export function readDestinationRule(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const host = spec?.string('host');
  if (spec === undefined || host === undefined || host === '') {
    (spec ?? root).invalid(spec === undefined ? 'spec' : 'host', 'is missing');
    return { items: [], residues };
  }
  // It limits the rule to some clients: applied to all of them, it would do what nobody asked for.
  if (spec.refuse('workloadSelector')) return { items: [], residues };
  const policy = spec.object('trafficPolicy');
  const exportTo = spec.strings('exportTo');
  const item: DestinationPolicyItem = {
    ...itemBase(resource),
    kind: 'destination-policy',
    host,
    ...(exportTo === undefined || exportTo.length === 0 ? {} : { exportTo }),
    ...(policy === undefined ? {} : { settings: readSettings(policy) }),
    subsets: readSubsets(spec),
  };
  spec.rest();
  root.rest();
  return { items: [item], residues };
}

function readSubsets(spec: FieldReader): readonly Subset[] {
  const subsets = new Map<string, Subset>();
  for (const field of spec.list('subsets')) {
    const name = field.string('name');
    if (name === undefined || name === '') {
      field.invalid('name', 'is missing');
      continue;
    }
    if (subsets.has(name)) {
      field.invalid('name', `is there twice: the first subset ${name} holds`);
      continue;
    }
    const policy = field.object('trafficPolicy');
    const settings = policy === undefined ? {} : readSettings(policy);
    subsets.set(name, { name, labels: field.stringMap('labels') ?? {}, settings, origin: field.origin() });
    field.rest();
  }
  return [...subsets.values()];
}

const balancers: Readonly<Record<string, NonNullable<TrafficSettings['loadBalancer']>>> = {
  ROUND_ROBIN: { algorithm: 'round-robin' },
  LEAST_REQUEST: { algorithm: 'least-request' },
  // The old name of the same.
  LEAST_CONN: { algorithm: 'least-request' },
  RANDOM: { algorithm: 'random' },
};

function readSettings(policy: FieldReader): TrafficSettings {
  const tls = readTls(policy.object('tls'));
  const loadBalancer = readLoadBalancer(policy.object('loadBalancer'));
  const pool = policy.object('connectionPool');
  const tcp = pool?.object('tcp');
  const connectTimeoutMs = tcp?.durationMs('connectTimeout');
  tcp?.rest();
  pool?.rest();
  policy.rest();
  return {
    ...(tls === undefined ? {} : { tls }),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
  };
}

function readTls(field: FieldReader | undefined): TrafficSettings['tls'] {
  const mode = field?.string('mode') ?? 'DISABLE';
  if (field === undefined) return undefined;
  if (mode === 'SIMPLE' || mode === 'MUTUAL') {
    field.unsupported('mode', `${mode} is not enforced; mesh identities are used as if nothing was said`);
    return undefined;
  }
  if (mode !== 'ISTIO_MUTUAL' && mode !== 'DISABLE') {
    field.invalid('mode', 'is none of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL');
    return undefined;
  }
  field.rest();
  return { mode: mode === 'ISTIO_MUTUAL' ? 'mutual' : 'plain' };
}

function readLoadBalancer(field: FieldReader | undefined): TrafficSettings['loadBalancer'] {
  const simple = field?.string('simple');
  field?.rest();
  if (simple === undefined || simple === 'UNSPECIFIED') return undefined;
  if (Object.hasOwn(balancers, simple)) return balancers[simple];
  field?.unsupported('simple', `${simple} is not enforced`);
  return undefined;
}
