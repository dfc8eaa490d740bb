import { ageColumn, type Column } from './column.ts';
import { joined, labelsAt, listAt, textAt } from './read.ts';

const texts = (values: readonly unknown[]) => joined(values.map((value) => (typeof value === 'string' ? value : null)));

export const gatewayColumns: readonly Column[] = [
  {
    heading: 'HOSTS',
    cell: (gateway) =>
      texts([...new Set(listAt(gateway, 'spec', 'servers').flatMap((server) => listAt(server, 'hosts')))]),
  },
  {
    heading: 'PORTS',
    cell: (gateway) =>
      joined([...new Set(listAt(gateway, 'spec', 'servers').map((server) => textAt(server, 'port', 'number')))]),
  },
  ageColumn,
  { heading: 'SELECTOR', wide: true, cell: (gateway) => labelsAt(gateway, 'spec', 'selector') },
];

export const virtualServiceColumns: readonly Column[] = [
  { heading: 'GATEWAYS', cell: (service) => texts(listAt(service, 'spec', 'gateways')) },
  { heading: 'HOSTS', cell: (service) => texts(listAt(service, 'spec', 'hosts')) },
  ageColumn,
];

export const destinationRuleColumns: readonly Column[] = [
  { heading: 'HOST', cell: (rule) => textAt(rule, 'spec', 'host') },
  {
    heading: 'SUBSETS',
    cell: (rule) => joined(listAt(rule, 'spec', 'subsets').map((subset) => textAt(subset, 'name'))),
  },
  ageColumn,
];

export const peerAuthenticationColumns: readonly Column[] = [
  { heading: 'MODE', cell: (policy) => textAt(policy, 'spec', 'mtls', 'mode') },
  { heading: 'SELECTOR', cell: (policy) => labelsAt(policy, 'spec', 'selector', 'matchLabels') },
  ageColumn,
];
