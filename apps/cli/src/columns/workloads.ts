import { ageColumn, type Column } from './column.ts';
import { at, type Body, countAt, joined, labelsAt, listAt, textAt } from './read.ts';

/** Replicas of a spec without any are 1 (Kubernetes' default). */
function desired(body: Body): number {
  const replicas = at(body, 'spec', 'replicas');
  return typeof replicas === 'number' ? replicas : 1;
}

const ready = (body: Body) => `${countAt(body, 'status', 'readyReplicas')}/${desired(body)}`;

const containers = (body: Body) => listAt(body, 'spec', 'template', 'spec', 'containers');

const wideColumns: readonly Column[] = [
  { heading: 'CONTAINERS', wide: true, cell: (body) => joined(containers(body).map((one) => textAt(one, 'name'))) },
  { heading: 'IMAGES', wide: true, cell: (body) => joined(containers(body).map((one) => textAt(one, 'image'))) },
  { heading: 'SELECTOR', wide: true, cell: (body) => labelsAt(body, 'spec', 'selector', 'matchLabels') },
];

export const deploymentColumns: readonly Column[] = [
  { heading: 'READY', cell: ready },
  { heading: 'UP-TO-DATE', cell: (body) => countAt(body, 'status', 'updatedReplicas') },
  { heading: 'AVAILABLE', cell: (body) => countAt(body, 'status', 'availableReplicas') },
  ageColumn,
  ...wideColumns,
];

export const replicaSetColumns: readonly Column[] = [
  { heading: 'DESIRED', cell: desired },
  { heading: 'CURRENT', cell: (body) => countAt(body, 'status', 'replicas') },
  { heading: 'READY', cell: (body) => countAt(body, 'status', 'readyReplicas') },
  ageColumn,
  ...wideColumns,
];

export const statefulSetColumns: readonly Column[] = [{ heading: 'READY', cell: ready }, ageColumn, ...wideColumns];
