import { ageColumn, type Column } from './column.ts';
import { at, joined, listAt, textAt } from './read.ts';

export const trafficSplitColumns: readonly Column[] = [
  { heading: 'SERVICE', cell: (split) => textAt(split, 'spec', 'service') },
  {
    heading: 'BACKENDS',
    cell: (split) =>
      joined(
        listAt(split, 'spec', 'backends').map(
          (backend) => `${textAt(backend, 'service')}:${textAt(backend, 'weight') ?? '-'}`,
        ),
      ),
  },
  {
    heading: 'MATCHES',
    cell: (split) => joined(listAt(split, 'spec', 'matches').map((match) => textAt(match, 'name'))),
  },
  ageColumn,
];

/** Versions before v1alpha2 or v1alpha3 have no `spec`. */
function bodyOf(object: unknown): unknown {
  return at(object, 'spec') ?? object;
}

function accountName(subject: unknown): string | null {
  const [namespace, name] = [textAt(subject, 'namespace'), textAt(subject, 'name')];
  return namespace === null ? name : `${namespace}/${name}`;
}

export const trafficTargetColumns: readonly Column[] = [
  { heading: 'DESTINATION', cell: (target) => accountName(at(bodyOf(target), 'destination')) },
  { heading: 'SOURCES', cell: (target) => joined(listAt(bodyOf(target), 'sources').map(accountName)) },
  {
    heading: 'RULES',
    cell: (target) =>
      joined(
        [...listAt(bodyOf(target), 'rules'), ...listAt(bodyOf(target), 'specs')].map(
          (rule) => `${textAt(rule, 'kind')}/${textAt(rule, 'name')}`,
        ),
      ),
  },
  ageColumn,
];

export const httpRouteGroupColumns: readonly Column[] = [
  {
    heading: 'MATCHES',
    cell: (group) => joined(listAt(bodyOf(group), 'matches').map((match) => textAt(match, 'name'))),
  },
  ageColumn,
];

export const portRouteColumns: readonly Column[] = [
  {
    heading: 'PORTS',
    cell: (route) =>
      joined(listAt(route, 'spec', 'matches', 'ports').map((port) => (typeof port === 'number' ? `${port}` : null))) ??
      'all',
  },
  ageColumn,
];
