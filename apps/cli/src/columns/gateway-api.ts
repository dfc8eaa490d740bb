import { ageColumn, type Column } from './column.ts';
import { at, type Body, joined, listAt, textAt } from './read.ts';

const unique = (values: readonly (string | null)[]) => joined([...new Set(values)]);
const texts = (values: readonly unknown[]) => joined(values.map((value) => (typeof value === 'string' ? value : null)));

/** `status` of the condition of a type: True, False or Unknown. */
function condition(body: Body, type: string): string | null {
  const found = listAt(body, 'status', 'conditions').find((candidate) => textAt(candidate, 'type') === type);
  return textAt(found, 'status');
}

/** The columns of the custom resource definition. */
export const gatewayClassColumns: readonly Column[] = [
  { heading: 'CONTROLLER', cell: (gatewayClass) => textAt(gatewayClass, 'spec', 'controllerName') },
  { heading: 'ACCEPTED', cell: (gatewayClass) => condition(gatewayClass, 'Accepted') },
  ageColumn,
  { heading: 'DESCRIPTION', wide: true, cell: (gatewayClass) => textAt(gatewayClass, 'spec', 'description') },
];

export const k8sGatewayColumns: readonly Column[] = [
  { heading: 'CLASS', cell: (gateway) => textAt(gateway, 'spec', 'gatewayClassName') },
  {
    heading: 'ADDRESS',
    cell: (gateway) => joined(listAt(gateway, 'status', 'addresses').map((address) => textAt(address, 'value'))),
  },
  { heading: 'PROGRAMMED', cell: (gateway) => condition(gateway, 'Programmed') },
  ageColumn,
  {
    heading: 'LISTENERS',
    wide: true,
    cell: (gateway) => joined(listAt(gateway, 'spec', 'listeners').map((listener) => textAt(listener, 'name'))),
  },
];

const parents: Column = {
  heading: 'PARENTS',
  cell: (route) =>
    unique(
      listAt(route, 'spec', 'parentRefs').map((parent) => {
        const kind = textAt(parent, 'kind') ?? 'Gateway';
        return `${kind.toLowerCase()}/${textAt(parent, 'name') ?? '?'}`;
      }),
    ),
};

/** HTTPRoute, GRPCRoute and TLSRoute. */
export const hostRouteColumns: readonly Column[] = [
  { heading: 'HOSTNAMES', cell: (route) => texts(listAt(route, 'spec', 'hostnames')) },
  parents,
  ageColumn,
];

export const tcpRouteColumns: readonly Column[] = [parents, ageColumn];

const references = (grant: Body, member: 'from' | 'to') =>
  joined(
    listAt(grant, 'spec', member).map((entry) => {
      const place = textAt(entry, member === 'from' ? 'namespace' : 'name');
      return [textAt(entry, 'kind') ?? '?', ...(place === null ? [] : [place])].join('/');
    }),
  );

export const referenceGrantColumns: readonly Column[] = [
  { heading: 'FROM', cell: (grant) => references(grant, 'from') },
  { heading: 'TO', cell: (grant) => references(grant, 'to') },
  ageColumn,
];

export const backendTlsPolicyColumns: readonly Column[] = [
  {
    heading: 'TARGETS',
    cell: (policy) => joined(listAt(policy, 'spec', 'targetRefs').map((target) => textAt(target, 'name'))),
  },
  { heading: 'HOSTNAME', cell: (policy) => textAt(at(policy, 'spec', 'validation'), 'hostname') },
  ageColumn,
];
