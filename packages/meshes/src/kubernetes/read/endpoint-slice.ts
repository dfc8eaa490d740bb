import {
  type Endpoint,
  type EndpointsItem,
  FieldReader,
  type Fragment,
  ipFamily,
  itemBase,
  type Residue,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

const SERVICE_LABEL = 'kubernetes.io/service-name';

/** discovery.k8s.io EndpointSlice. One without the label of its service belongs to nothing we know. */
export function readEndpointSlice(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const slice = FieldReader.of(resource, residues);
  const service = resource.metadata.labels?.[SERVICE_LABEL];
  if (service === undefined || service === '') return { items: [], residues };
  if (slice.string('addressType') === 'FQDN') {
    slice.unsupported('addressType', 'FQDN is deprecated in Kubernetes; these endpoints are not used');
    return { items: [], residues };
  }
  const item: EndpointsItem = {
    ...itemBase(resource),
    kind: 'endpoints',
    service,
    ports: slice.list('ports').flatMap((port) => {
      const number = port.number('port');
      const protocol = port.string('protocol');
      const transport = protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
      return number === undefined ? [] : [{ name: port.string('name') ?? '', port: number, transport }];
    }),
    endpoints: slice.list('endpoints').flatMap(readEndpoint),
  };
  return { items: [item], residues };
}

function readEndpoint(field: FieldReader): readonly Endpoint[] {
  // The addresses of one endpoint are interchangeable; Kubernetes tells consumers to use the first one only.
  const address = field.strings('addresses')?.[0];
  if (address === undefined) return [];
  if (ipFamily(address) === undefined) {
    field.invalid('addresses', 'has something else than addresses');
    return [];
  }
  const conditions = field.object('conditions');
  // Unset means ready; `serving` is `ready` without regard to termination, so that is what it falls back to.
  const ready = conditions?.boolean('ready') ?? true;
  const hostname = field.string('hostname');
  const node = field.string('nodeName') || undefined;
  // A slice knows the zone only; the region is known to the node.
  const zone = field.string('zone') || undefined;
  const target = field.object('targetRef');
  const pod = target?.string('kind') === 'Pod' ? target.string('name') : undefined;
  return [
    {
      address,
      ready,
      serving: conditions?.boolean('serving') ?? ready,
      terminating: conditions?.boolean('terminating') ?? false,
      ...(hostname === undefined || hostname === '' ? {} : { hostname }),
      ...(pod === undefined ? {} : { pod }),
      ...(node === undefined ? {} : { node }),
      ...(zone === undefined ? {} : { locality: `/${zone}` }),
    },
  ];
}
