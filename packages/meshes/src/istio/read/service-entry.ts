import {
  FieldReader,
  type Fragment,
  type InlineEndpoint,
  ipFamily,
  itemBase,
  type Residue,
  type ServiceItem,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { readHosts as readHostNames } from './hosts.ts';
import { readAddresses } from './service-entry-addresses.ts';
import { readServicePorts } from './service-entry-ports.ts';
import { type Resolution, readResolution } from './service-entry-resolution.ts';
import { readInlineEndpoint } from './workload-entry-fields.ts';

/** A label by which one says that no address is to be chosen for the hosts of an entry. */
const AUTO_ALLOCATE_LABEL = 'networking.istio.io/enable-autoallocate-ip';

/** networking.istio.io ServiceEntry: one service for each of its hosts. */
export function readServiceEntry(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const hosts = spec === undefined ? [] : readHosts(spec);
  if (spec === undefined || hosts.length === 0) {
    if (spec === undefined) root.invalid('spec', 'is missing');
    return { items: [], residues };
  }
  const resolution = readResolution(spec, hosts);
  if (resolution === undefined) return { items: [], residues };
  const addresses = readAddresses(spec);
  const selectorField = spec.object('workloadSelector');
  const selector = selectorField?.stringMap('labels');
  const exportTo = spec.strings('exportTo') ?? [];
  const endpoints = readEndpoints(spec, resolution);
  const subjectAltNames = spec.strings('subjectAltNames') ?? [];
  const wantsAddress = resource.metadata.labels?.[AUTO_ALLOCATE_LABEL]?.toLowerCase() !== 'false';
  const common = {
    ...itemBase(resource),
    kind: 'service' as const,
    location: readLocation(spec),
    ...(resolution === 'STATIC' ? {} : { discovery: DISCOVERY[resolution] }),
    ...(subjectAltNames.length === 0 ? {} : { subjectAltNames }),
    ...(exportTo.length === 0 ? {} : { exportTo }),
    ...addresses,
    ports: readServicePorts(spec, resolution, hosts),
    ...(selector === undefined ? {} : { selector }),
    publishNotReadyAddresses: false,
  };
  selectorField?.rest();
  spec.rest();
  root.rest();
  const items = hosts.map((host): ServiceItem => {
    const saysNone = spec.list('endpoints').length === 0 && selector === undefined;
    const inline = saysNone && isDns(resolution) ? [namedByHost(host, spec)] : endpoints;
    const isChosen =
      wantsAddress && resolution !== 'NONE' && !host.startsWith('*') && addresses.clusterIps.length === 0;
    return {
      ...common,
      host,
      ...(selector !== undefined || resolution === 'NONE' || resolution === 'DYNAMIC_DNS'
        ? {}
        : { inlineEndpoints: inline }),
      ...(isChosen && addresses.addressRanges === undefined ? { wantsVirtualAddress: true } : {}),
    };
  });
  return { items, residues };
}

const DISCOVERY = {
  NONE: 'original-destination',
  DNS: 'strict-dns',
  DNS_ROUND_ROBIN: 'logical-dns',
  DYNAMIC_DNS: 'dynamic-dns',
} as const;

function isDns(resolution: Resolution): boolean {
  return resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
}

/** Without endpoints the host itself is the name to resolve. */
function namedByHost(host: string, spec: FieldReader): InlineEndpoint {
  return { address: host, ports: {}, labels: {}, origin: spec.origin('hosts') };
}

function readHosts(spec: FieldReader): readonly string[] {
  const written = readHostNames(spec).map((host) => host.toLowerCase());
  if (written.length === 0) spec.invalid('hosts', 'is empty');
  if (written.includes('*')) spec.invalid('hosts', 'has *, which is not allowed: it would take every name');
  return [...new Set(written)].filter((host) => host !== '*' && host !== '');
}

function readLocation(spec: FieldReader): 'mesh' | 'external' {
  const location = spec.string('location') ?? 'MESH_EXTERNAL';
  if (location !== 'MESH_EXTERNAL' && location !== 'MESH_INTERNAL') {
    spec.invalid('location', 'is none of MESH_EXTERNAL, MESH_INTERNAL');
  }
  return location === 'MESH_INTERNAL' ? 'mesh' : 'external';
}

function readEndpoints(spec: FieldReader, resolution: Resolution): readonly InlineEndpoint[] {
  const fields = spec.list('endpoints');
  if (fields.length === 0) return [];
  if (resolution === 'NONE' || resolution === 'DYNAMIC_DNS') {
    spec.invalid('endpoints', `are not used: with resolution ${resolution} the request says where it goes`);
    return [];
  }
  if (spec.has('workloadSelector')) {
    spec.invalid('endpoints', 'are not used: workloadSelector chooses the endpoints');
    return [];
  }
  const endpoints = fields.flatMap((field) => {
    const endpoint = readInlineEndpoint(field);
    field.rest();
    if (endpoint === undefined) return [];
    if (isDns(resolution) || ipFamily(endpoint.address) !== undefined) return [endpoint];
    field.invalid('address', `must be an address with resolution ${resolution}`);
    return [];
  });
  if (resolution !== 'DNS_ROUND_ROBIN' || endpoints.length <= 1) return endpoints;
  spec.invalid('endpoints', 'may have one item only with resolution DNS_ROUND_ROBIN; the first is used');
  return endpoints.slice(0, 1);
}
