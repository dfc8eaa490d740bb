import { ageColumn, type Column } from './column.ts';
import { at, type Body, joined, labelsAt, listAt, textAt } from './read.ts';

const ports = (service: Body) =>
  joined(
    listAt(service, 'spec', 'ports').map((port) => {
      const node = textAt(port, 'nodePort');
      return `${textAt(port, 'port') ?? '?'}${node === null ? '' : `:${node}`}/${textAt(port, 'protocol') ?? 'TCP'}`;
    }),
  );

export const serviceColumns: readonly Column[] = [
  { heading: 'TYPE', cell: (service) => textAt(service, 'spec', 'type') ?? 'ClusterIP' },
  { heading: 'CLUSTER-IP', cell: (service) => textAt(service, 'spec', 'clusterIP') },
  { heading: 'PORT(S)', cell: ports },
  ageColumn,
  { heading: 'SELECTOR', wide: true, cell: (service) => labelsAt(service, 'spec', 'selector') },
];

/** Endpoints that are not ready are named too, and said so: `10.0.0.4(not ready)`. */
const endpoints = (slice: Body) =>
  joined(
    listAt(slice, 'endpoints').flatMap((endpoint) => {
      const mark = at(endpoint, 'conditions', 'ready') === false ? '(not ready)' : '';
      return listAt(endpoint, 'addresses').map((address) => `${String(address)}${mark}`);
    }),
  );

export const endpointSliceColumns: readonly Column[] = [
  { heading: 'ADDRESSTYPE', cell: (slice) => textAt(slice, 'addressType') },
  { heading: 'PORTS', cell: (slice) => joined(listAt(slice, 'ports').map((port) => textAt(port, 'port'))) },
  { heading: 'ENDPOINTS', cell: endpoints },
  ageColumn,
];
