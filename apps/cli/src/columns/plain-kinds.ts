import { ageColumn, type Column } from './column.ts';
import { at, type Body, labelsAt, textAt } from './read.ts';

const size = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value).length : 0);

export const namespaceColumns: readonly Column[] = [
  { heading: 'STATUS', cell: (namespace) => textAt(namespace, 'status', 'phase') ?? 'Active' },
  ageColumn,
  { heading: 'LABELS', wide: true, cell: (namespace) => labelsAt(namespace, 'metadata', 'labels') },
];

export const configMapColumns: readonly Column[] = [
  { heading: 'DATA', cell: (map: Body) => size(at(map, 'data')) + size(at(map, 'binaryData')) },
  ageColumn,
];

/** Counts only: values of Secrets are shown when asked for with `-o yaml`. */
export const secretColumns: readonly Column[] = [
  { heading: 'TYPE', cell: (secret) => textAt(secret, 'type') ?? 'Opaque' },
  { heading: 'DATA', cell: (secret) => size(at(secret, 'data')) + size(at(secret, 'stringData')) },
  ageColumn,
];
